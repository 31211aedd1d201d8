"""What waits between a night and the release of its window, sealed: open sessions, still raw, and redacted ones."""
