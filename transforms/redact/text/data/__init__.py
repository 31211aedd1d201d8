"""Word and name lists with their sources: see README.md; ``build_lists`` makes them."""
