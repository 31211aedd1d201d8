"""Settings of a release with every part that costs budget but a learned model."""

ALL_PARTS = ("aggregates.naming=true", "aggregates.counting=true")
ALL_PARTS_OPTIONS = tuple(word for setting in ALL_PARTS for word in ("--set", setting))
"""The same as options of the command line."""
