"""Is the place that a release would be written to as restricted as it was agreed? A pure verdict on collected facts."""
