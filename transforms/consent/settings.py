"""Settings of consent: pauses and wishes that every run obeys, and what a run may lack of what the last one saw."""

from dataclasses import dataclass, field

from schemas.ranges import check_number

_SHARES = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class ConsentSettings:
    """Settings of consent; raises ``UsageError`` if one is out of range. The path of a file may hold a name."""

    max_drop: float = 0.2
    """Share of its people, 0 to 1, by which a registry may be smaller than the last run of the dataset saw it. Beyond
    it a run stops before it reads: the file may have been cut short. Who withdraws stays in it; one person may always
    go."""

    pauses: str | None = field(default=None, repr=False)
    """File of people's pauses and exemptions (CSV, Parquet, SQL), obeyed beside that of ``--pauses``."""

    wishes: tuple[str, ...] = field(default=(), repr=False)
    """Files of wishes that people saved from their preview (JSON), obeyed beside those of ``--wishes``."""

    fewer_pauses: bool = False
    """Let a run lack pauses or wishes that an earlier run of the dataset obeyed: for one run, after people took them
    back. What they took out before is then released."""

    def __post_init__(self) -> None:
        check_number("consent.max_drop", self.max_drop, _SHARES)
