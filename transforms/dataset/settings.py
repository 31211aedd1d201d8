"""Settings of the stored files (``store.*``)."""

from dataclasses import dataclass
from typing import Literal

from schemas.errors import UsageError

_MOST_SHARDS = 65_536
_ROW_GROUP_MIB = range(1, 1_025)
_ZSTD_LEVELS = range(1, 20)


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Settings of the written shards; raises ``UsageError`` if a value is out of range."""

    encryption: Literal["sealed", "none"] = "sealed"
    """``sealed`` (Parquet Modular Encryption), or ``none``: clear files, for evaluation in a local folder only."""

    shards: int = 0
    """Number of event files, 1 to 65,536; 0 chooses it from the size of the input."""

    row_group_mib: int = 96
    """Size of a row group in memory in MiB, 1 to 1,024 (Arrow, not compressed); a reader holds this much."""

    compression_level: int = 3
    """Level of zstd, 1 to 19. Higher takes CPU and saves storage."""

    def __post_init__(self) -> None:
        """Raise ``UsageError`` if a value is out of range."""
        if self.encryption not in ("sealed", "none"):
            raise UsageError("store.encryption is sealed or none")
        if not 0 <= self.shards <= _MOST_SHARDS:
            raise UsageError(f"store.shards is 0 (automatic) or at most {_MOST_SHARDS}")
        if self.row_group_mib not in _ROW_GROUP_MIB:
            raise UsageError(f"store.row_group_mib is {_ROW_GROUP_MIB.start} to {_ROW_GROUP_MIB.stop - 1}")
        if self.compression_level not in _ZSTD_LEVELS:
            raise UsageError(f"store.compression_level is {_ZSTD_LEVELS.start} to {_ZSTD_LEVELS.stop - 1}")
