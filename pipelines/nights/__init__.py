"""Scheduled runs: work is staged night by night and released once a window."""
