"""Word and name lists, built by ``build_lists``; README.md names the sources."""
