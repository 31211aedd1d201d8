"""The edges of the preflight: reading buckets and folders, showing the verdict, and standing guard over a run."""
