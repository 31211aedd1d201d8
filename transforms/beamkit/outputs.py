"""Names of the side outputs that every stage may have."""

REJECTED = "rejected"
"""``PCollection[RejectedEvents]``: rejected events, each with its sealed copy."""

TALLY = "tally"
"""``PCollection[Tally]``: how many events met which outcome."""

TRACE = "trace"
"""``PCollection[bytes]``: sealed pointers from released rows back to source events, on request only."""
