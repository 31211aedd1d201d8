"""Who agreed: the registry, its snapshot, and the stage that keeps only what may be used."""
