"""Checks of one server: its clock, memory, room and installation."""

import ctypes
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from pipelines.doctor.common import PAUSES_FILE, PAUSES_PEOPLE, PEOPLE, NightsCheck
from pipelines.doctor.examination import Examination
from pipelines.doctor.settings import NightsSettings, list_recordings
from transforms.ingest.inputs import total_bytes
from transforms.preflight.verdict import Check, JudgedFact

_GIB = 2**30
_LEAST_MEMORY = 4 * _GIB
_TIMES_A_DAY = 2
"""Sealed spill and staged sessions of a day, in parts of its clear logs, at most."""
_MEMORY = Path("/proc/meminfo")
_UNSYNCHRONISED = 5
"""Value that adjtimex returns for a clock that nothing synchronises (TIME_ERROR, adjtimex(2))."""
_TIMEX_BYTES = 1024
_DISTRIBUTION, _EXTRA = "keyveil", "pipeline"


def _clock(look: Examination, _: NightsSettings) -> JudgedFact:
    times = [datetime.fromisoformat(entry.at) for entry in look.ledger.entries]
    latest = max(times, default=datetime.min.replace(tzinfo=UTC))
    wrong = []
    if latest > look.now:
        wrong.append(f"the ledger has an entry of {latest.isoformat()}, which is in the future")
    standing = look.standing.last
    if standing is not None and standing >= look.now.date():
        wrong.append(f"the night of {standing.isoformat()} was run, which is not over")
    if _is_unsynchronised():
        wrong.append("nothing synchronises the clock")
    return JudgedFact(not wrong, "; ".join(wrong) or look.now.astimezone(UTC).isoformat(timespec="seconds"))


def _is_unsynchronised() -> bool:
    """Ask the kernel whether its clock is unsynchronised; changes nothing (a request without modes)."""
    asked = ctypes.create_string_buffer(_TIMEX_BYTES)
    try:
        return bool(ctypes.CDLL(None).adjtimex(asked) == _UNSYNCHRONISED)
    except (AttributeError, OSError):
        return False  # no such call on this system


def _memory(_: Examination, __: NightsSettings) -> JudgedFact:
    found = read_memory(_MEMORY)
    return JudgedFact(
        found is None or found >= _LEAST_MEMORY, "unknown" if found is None else f"{found / _GIB:.1f} GiB"
    )


def read_memory(file: Path) -> int | None:
    """Read the bytes of memory that are available, ``None`` where the system does not say."""
    try:
        lines = dict(line.split(":", 1) for line in file.read_text(encoding="ascii").splitlines() if ":" in line)
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None


def _room(look: Examination, settings: NightsSettings) -> JudgedFact:
    yesterday = look.now.date() - timedelta(days=1)
    logs = total_bytes(list_recordings(yesterday, settings))
    folder = next(path for path in (look.private.folder, *look.private.folder.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    return JudgedFact(
        free >= _TIMES_A_DAY * logs, f"{free / _GIB:.1f} GiB free, logs of yesterday {logs / _GIB:.1f} GiB"
    )


def _image(_: Examination, __: NightsSettings) -> JudgedFact:
    wrong = list(list_unmet(metadata.requires(_DISTRIBUTION) or []))
    return JudgedFact(
        not wrong, "; ".join(wrong) or f"keyveil {metadata.version(_DISTRIBUTION)} with all that a run needs"
    )


def list_unmet(requirements: list[str]) -> Iterator[str]:
    """Yield the packages that a run needs and that are missing or of another version."""
    for text in requirements:
        wanted = Requirement(text)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": _EXTRA}):
            continue
        try:
            found = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            yield f"{wanted.name} is not installed"
            continue
        if not wanted.specifier.contains(found.partition("+")[0], prereleases=True):
            yield f"{wanted.name} is {found}, not {wanted.specifier}"


def _user(_: Examination, __: NightsSettings) -> JudgedFact:
    return JudgedFact(os.geteuid() != 0, "root" if os.geteuid() == 0 else f"user {os.geteuid()}")


def _basis(look: Examination, _: NightsSettings) -> JudgedFact:
    basis = look.config.basis
    return JudgedFact(not basis.missing, f"missing: {', '.join(basis.missing)}" if basis.missing else basis.ground)


SERVER: tuple[NightsCheck, ...] = (
    Check(
        "basis",
        "a lawful basis is stated",
        "the whole record: a run into a bucket is refused without it, one into a folder is not",
        "every release and the worker sheet say which basis there is; without it they say that none is stated",
        "write the settings that are missing into the configuration (basis.*, docs/configuration.md)",
        _basis,
    ),
    Check(
        "clock",
        "the clock is right",
        "no record with a time in the future, and a service that synchronises the clock",
        "days, withdrawals and retention are counted by it",
        "timedatectl set-ntp true, or start chrony",
        _clock,
    ),
    Check(
        "quota",
        "there is memory for a night",
        "4 GiB or more",
        "a night that runs out of memory is stopped, and begins again the next time",
        "stop other programs, or take a larger machine (docs/settings-by-size.md)",
        _memory,
    ),
    Check(
        "room",
        "there is room for a day in private state",
        "twice the clear logs of a day",
        "a full disk stops the night in the middle",
        "free space, or set STATE to a folder on another disk",
        _room,
    ),
    Check(
        "image",
        "the installation is complete",
        "every package of keyveil[pipeline], in its version",
        "with another version a run fails midway, or finds other names in texts",
        "pip install 'keyveil[pipeline]' --constraint requirements.lock",
        _image,
    ),
    Check(
        "user",
        "the nights do not run as root",
        "a user of their own",
        "a program that reads files of strangers must not run as root",
        "useradd --system keyveil, and run the check again as that user",
        _user,
    ),
)
"""Checks in the order of the report."""

WARNING = frozenset({PAUSES_FILE, PAUSES_PEOPLE, PEOPLE, "basis", "clock", "user", "quota"})
"""Failed checks that only warn: the night may go well in spite of them."""
