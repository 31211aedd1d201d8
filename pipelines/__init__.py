"""The command line and the driver: configuration, the graph, the run, the report."""
