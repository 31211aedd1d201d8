"""Recordings of several formats in, whole sessions as Arrow columns out."""
