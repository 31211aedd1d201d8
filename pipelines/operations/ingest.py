"""Recordings of any format as one file of the raw log, packed, and sealed unless it is asked for in the clear."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import zstandard

from pipelines.state.quarantine import load_private_keys
from schemas.errors import RefusedError, UsageError
from schemas.raw import log_lines
from schemas.tally import SCREENSHOTS
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.sealed_log import open_sealed, seal_log
from transforms.ingest.inputs import read
from transforms.ingest.screenshots.model_files import require_models
from transforms.ingest.settings import IngestSettings

if TYPE_CHECKING:
    from transforms.keys.key_set import KeySet

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


@dataclass(slots=True)
class IngestCounts:
    """Events that were written and events that were refused, by rule, and screenshots that could have been read."""

    events: int = 0
    refused: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    pictures: int = 0


def write_log(sources: Sequence[Source], target: Path, keys: "KeySet | None", settings: IngestSettings) -> IngestCounts:
    """Write the events of all sources to a new file for its owner; without ``keys`` in the clear.

    Raises ``UsageError`` where the file exists, or what reads screenshots is missing, before anything is read.
    """
    if settings.ocr:
        require_models()
    done = IngestCounts()
    packer = zstandard.ZstdCompressor().compressobj()
    packed: list[bytes] = []
    with _create(target) as file:
        for source in sources:
            for block in read(source, settings):
                if block.table.num_rows:
                    packed.append(packer.compress(log_lines(block.table) + b"\n"))
                done.events += block.table.num_rows
                done.pictures += dict(block.counts).get(SCREENSHOTS, 0)
                for fault in block.faults:
                    done.refused += fault.events
                    done.rules[fault.problem.rule] = done.rules.get(fault.problem.rule, 0) + fault.events
        content = b"".join([*packed, packer.flush()])
        file.write(content if keys is None else seal_log(keys.quarantine_public(), content))
    return done


@contextmanager
def _create(target: Path) -> Iterator[BinaryIO]:
    """Open a new file for its owner, which is removed where it cannot be completed.

    Raises ``UsageError`` where it exists or cannot be made.
    """
    try:
        file = os.fdopen(os.open(target, _NEW, 0o600), "wb")
    except FileExistsError:
        raise UsageError(f"{target} exists; name a new file") from None
    except OSError as error:
        raise UsageError(f"{target} cannot be written ({type(error).__name__}); name another file") from None
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def open_log(path: Path, target: Path, keys: "KeySet") -> None:
    """Write the clear content of a sealed log to a new file for its owner; raise ``RefusedError`` without its key."""
    content = open_sealed(path.read_bytes(), load_private_keys(keys))
    if content is None:
        raise RefusedError("no key of the key set opens this file; name the key set that sealed it")
    with _create(target) as file:
        file.write(content)
