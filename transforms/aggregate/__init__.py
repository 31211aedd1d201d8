"""Statistics over people under user-level differential privacy: which values are common, and tables of counts."""
