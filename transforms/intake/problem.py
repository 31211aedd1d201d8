"""What is wrong with a record, and where."""

from dataclasses import dataclass, field

from schemas.rejects import Reason


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that cannot be read: ``line`` is 1-based (0: the whole file), ``raw`` is the record itself."""

    reason: Reason
    line: int
    field_name: str
    rule: str
    raw: bytes = field(default=b"", repr=False)
    events: int = 1
