"""Entry of a person's pause by the clock of their city, for one day or every week, in a file of pauses.

The file itself holds instants, so that a run need not know where anybody lives.
"""

import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.release.subjects import normalise_user_id
from schemas.errors import UsageError
from transforms.consent.restriction_files import EXEMPTION, PAUSE, PAUSES, read_pauses
from transforms.object_store.atomic_files import replace_file

_MOST_DAYS = 2 * 366
_MOST_MINUTES = 7 * 24 * 60
_WEEK = timedelta(days=7)
_CLOCK = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_MIDNIGHT = "24:00"
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"

Stretch = tuple[datetime, datetime]
"""Begin and end, in UTC."""


@dataclass(frozen=True, slots=True)
class PauseRequest:
    """Pause as a person tells it; ``until`` is the last day on which a weekly one may begin, ``None`` for one day."""

    day: date
    begin: str
    end: str | None
    minutes: int | None
    zone: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EnteredPauses:
    """Pauses that were written, and the number of those that the file held already."""

    written: tuple[Stretch, ...]
    known: int


def list_stretches(request: PauseRequest) -> list[Stretch]:
    """List the stretches of a pause in UTC; raise ``UsageError`` where the request leaves a doubt.

    Each day has the hours of its own summer or winter time: 14:05 in Berlin is 13:05 UTC in January, 12:05 in July. An
    hour that the clock skips or shows twice is taken as wide as it may be meant.
    """
    zone = _find_zone(request.zone)
    last = request.day if request.until is None else request.until
    if not timedelta(0) <= last - request.day <= timedelta(days=_MOST_DAYS):
        raise UsageError(f"--weekly-until lies on the day of --day or up to {_MOST_DAYS} days after it")
    if (request.end is None) == (request.minutes is None):
        raise UsageError("say when the pause ends: with --to or with --minutes, not with both")
    if request.minutes is not None and not 1 <= request.minutes <= _MOST_MINUTES:
        raise UsageError(f"--minutes is from 1 to {_MOST_MINUTES}, a week")
    weeks = range((last - request.day) // _WEEK + 1)
    try:
        return [_find_stretch(request, request.day + week * _WEEK, zone) for week in weeks]
    except OverflowError:
        raise UsageError("--day lies at an end of the calendar; correct its year") from None


def _find_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise UsageError(
            "--zone is the name of a time zone such as Europe/Berlin; if that is one, this machine has no time zones "
            "(pip install tzdata)"
        ) from None


def _find_stretch(request: PauseRequest, day: date, zone: ZoneInfo) -> Stretch:
    begin = min(_read_clock(request.begin, "--from", day, zone))
    if request.minutes is not None:
        return begin, max(_read_clock(request.begin, "--from", day, zone)) + timedelta(minutes=request.minutes)
    end = max(_read_clock(request.end or "", "--to", day, zone))
    if end <= begin:
        raise UsageError("--to is not after --from; a pause past midnight ends at 24:00 and goes on as a second one")
    return begin, end


def _read_clock(text: str, option: str, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Read a time of day as the one or two instants that it may be."""
    if not _CLOCK.fullmatch(text):
        raise UsageError(f"{option} is a time of day in four digits such as 09:05")
    if text == _MIDNIGHT:
        day, text = day + timedelta(days=1), "00:00"
    shown = datetime.combine(day, time.fromisoformat(text), zone)
    return shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC)


def enter_pauses(path: Path, user: str, stretches: Sequence[Stretch], granted_by: str | None) -> EnteredPauses:
    """Write the stretches of a person below the lines of a CSV file of pauses, which is made where it is missing.

    With ``granted_by``, a role, they are exemptions. Raises ``RefusedError`` for a file that a run would refuse.
    """
    if granted_by is not None and not granted_by.strip():
        raise UsageError("--granted-by names the role that granted the exemption")
    before = _read_lines(path)
    person = normalise_user_id(user, "--user", fold_case=False)
    kind = PAUSE if granted_by is None else EXEMPTION
    lines = [(person, kind, f"{begin:{_INSTANT}}", f"{end:{_INSTANT}}", granted_by or "") for begin, end in stretches]
    known = set(map(tuple, csv.reader(io.StringIO(before, newline=""))))
    new = [place for place, line in enumerate(lines) if line not in known]
    if new:
        _write(path, before + _format(lines[place] for place in new))
    return EnteredPauses(tuple(stretches[place] for place in new), len(lines) - len(new))


def _read_lines(path: Path) -> str:
    if path.suffix != ".csv":
        raise UsageError("a pause is entered in a CSV file (.csv) of this machine; a table takes it by its own means")
    if not path.exists():
        return ",".join(PAUSES.columns) + "\n"
    read_pauses(str(path), fold_case=True)
    text = path.read_bytes().decode("utf-8-sig")  # its ends of lines stay
    return text if text.endswith("\n") else text + "\n"


def _format(lines: Iterable[Sequence[str]]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(lines)
    return target.getvalue()


def _write(path: Path, content: str) -> None:
    """Replace the file whole, with its owner and its mode: a run that reads it meanwhile sees all or nothing."""
    before = path.stat() if path.exists() else None
    with replace_file(path) as file:
        if before is not None:
            os.fchmod(file.fileno(), before.st_mode & 0o777)
            with suppress(PermissionError):  # only root gives a file away
                os.fchown(file.fileno(), before.st_uid, before.st_gid)
        file.write(content.encode())
