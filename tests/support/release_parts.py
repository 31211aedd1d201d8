"""Settings of a release with every part that costs budget but a learned model."""

ALL_PARTS = ("aggregates.naming=true", "aggregates.counting=true")
NO_PARTS = ("aggregates.naming=false", "aggregates.counting=false")
"""Settings of a release whose names and tables cost nothing."""

PARTS_BY_SIZE = ("aggregates.naming=null", "aggregates.counting=null")
"""Settings of a release with the parts that are worth their price for its people."""

ALL_PARTS_OPTIONS = tuple(word for setting in ALL_PARTS for word in ("--set", setting))
NO_PARTS_OPTIONS = tuple(word for setting in NO_PARTS for word in ("--set", setting))
"""The same as options of the command line."""
