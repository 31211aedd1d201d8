"""A pause told by the clock of a city becomes lines that a run reads, for one day or every week."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cli.main import main
from pipelines.operations.pause_entry import PauseRequest, enter_pauses, list_stretches
from schemas.errors import RefusedError, UsageError
from transforms.consent.restriction_files import read_exempt, read_pauses

_HEAD = "user_id,kind,starts_at,ends_at,granted_by\n"
_FRIDAY = date(2026, 10, 23)


def asked(begin: str = "14:05", end: str | None = "14:35", **more: object) -> PauseRequest:
    words: dict[str, object] = {"day": _FRIDAY, "minutes": None, "zone": "Europe/Berlin", "until": None} | more
    return PauseRequest(begin=begin, end=end, **words)  # type: ignore[arg-type]


def shown(request: PauseRequest) -> list[tuple[str, str]]:
    return [(f"{begin:%m-%d %H:%M}", f"{end:%m-%d %H:%M}") for begin, end in list_stretches(request)]


def test_hours_are_those_of_the_city_in_summer_and_in_winter() -> None:
    weekly = shown(asked("15:00", "24:00", until=date(2026, 11, 5)))
    assert weekly == [("10-23 13:00", "10-23 22:00"), ("10-30 14:00", "10-30 23:00")]  # the clock changes on 25 October
    assert shown(asked(zone="Asia/Kolkata")) == [("10-23 08:35", "10-23 09:05")]
    assert shown(asked(end=None, minutes=30)) == [("10-23 12:05", "10-23 12:35")]


def test_an_hour_that_the_clock_skips_or_shows_twice_is_taken_as_wide_as_it_may_be_meant() -> None:
    assert shown(asked("02:30", "02:45", day=date(2026, 10, 25))) == [("10-25 00:30", "10-25 01:45")]
    assert shown(asked("02:30", None, minutes=15, day=date(2026, 10, 25))) == [("10-25 00:30", "10-25 01:45")]
    assert shown(asked("02:30", "02:45", day=date(2026, 3, 29))) == [("03-29 00:30", "03-29 01:45")]


@pytest.mark.parametrize(("until", "weeks"), [(0, 1), (6, 1), (7, 2), (13, 2), (14, 3), (732, 105)])
def test_a_weekly_pause_begins_up_to_its_last_day(until: int, weeks: int) -> None:
    assert len(list_stretches(asked(until=_FRIDAY + timedelta(days=until)))) == weeks


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (asked(until=_FRIDAY - timedelta(days=1)), "--weekly-until lies on"),
        (asked(until=_FRIDAY + timedelta(days=733)), "--weekly-until lies on"),
        (asked(end=None), "--to or with --minutes"),
        (asked(minutes=5), "--to or with --minutes"),
        (asked(end=None, minutes=0), "--minutes is from 1 to 10080"),
        (asked(end=None, minutes=10_081), "--minutes is from 1 to 10080"),
        (asked("14:05", "14:05"), "--to is not after --from"),
        (asked("15:00", "00:00"), "--to is not after --from"),
        (asked("2 pm"), "--from is a time of day in four digits such as 09:05"),
        (asked(end="25:00"), "--to is a time of day in four digits such as 09:05"),
        (asked("9:05"), "--from is a time of day in four digits such as 09:05"),
        (asked("14"), "--from is a time of day in four digits such as 09:05"),
        (asked(end="24:01"), "--to is a time of day in four digits such as 09:05"),
        (asked(end="14:60"), "--to is a time of day in four digits such as 09:05"),
        (asked("14:05:30"), "--from is a time of day in four digits such as 09:05"),
        (asked("23:00", "24:00", day=date.max), "--day lies at an end of the calendar"),
        (asked("23:00", "23:30", day=date.max, zone="America/New_York"), "--day lies at an end of the calendar"),
        (asked("00:00", "01:00", day=date.min, zone="Asia/Tokyo"), "--day lies at an end of the calendar"),
        (asked("14:05+01:00"), "--from is a time of day in four digits such as 09:05"),
        (asked(zone="Berlin"), "--zone is the name of a time zone such as Europe/Berlin"),
        (asked(zone="../etc/passwd"), "--zone is the name of a time zone"),
    ],
)
def test_what_leaves_a_doubt_is_refused(request_: PauseRequest, says: str) -> None:
    with pytest.raises(UsageError) as told:
        list_stretches(request_)
    assert says in str(told.value)


def test_the_limits_themselves_are_allowed() -> None:
    assert len(list_stretches(asked(end=None, minutes=1))) == 1
    ((begin, end),) = list_stretches(asked(end=None, minutes=10_080))
    assert end - begin == timedelta(days=7)
    assert shown(asked("14:05", "14:06")) == [("10-23 12:05", "10-23 12:06")]
    assert shown(asked("00:00", "23:59", zone="UTC")) == [("10-23 00:00", "10-23 23:59")]
    assert shown(asked("23:00", "23:30", day=date.max, until=date.max, zone="UTC")) == [("12-31 23:00", "12-31 23:30")]


@given(
    day=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    minute=st.integers(0, 1438),
    length=st.integers(1, 1439),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "UTC"]),
)
def test_a_stretch_holds_every_instant_at_which_the_clock_shows_its_hours(
    day: date, minute: int, length: int, zone: str
) -> None:
    last = min(minute + length, 1439)
    begin, end = (f"{at // 60:02}:{at % 60:02}" for at in (minute, last))
    ((first, after),) = list_stretches(asked(begin, end, day=day, zone=zone))
    start = datetime.combine(day, time(), UTC) - timedelta(hours=15)
    for step in range(0, 54 * 60, 15):
        instant = start + timedelta(minutes=step)
        local = instant.astimezone(ZoneInfo(zone))
        if local.date() == day and begin <= f"{local:%H:%M}" < end:
            assert first <= instant < after


def test_lines_are_written_below_those_that_are_there_and_once(tmp_path: Path) -> None:
    file = tmp_path / "pauses.csv"
    old = "user-a,pause,2026-01-05T08:00:00+01:00,,"
    file.write_text(_HEAD + old)  # without an end of its line
    file.chmod(0o640)
    stretches = list_stretches(asked(until=_FRIDAY + timedelta(days=7)))
    assert len(enter_pauses(file, " User, B ", stretches[:1], None).written) == 1
    entered = enter_pauses(file, "User, B", stretches, None)
    assert (entered.written, entered.known) == ((stretches[1],), 1)
    lines = file.read_text().splitlines()
    assert lines[:2] == [_HEAD.strip(), old]
    assert len(lines) == 4
    assert lines[2] == '"User, B",pause,2026-10-23T12:05:00Z,2026-10-23T12:35:00Z,'
    assert file.stat().st_mode & 0o777 == 0o640
    assert read_pauses(str(file), fold_case=True).people == {"user-a", "user, b"}
    before = file.stat()
    assert enter_pauses(file, "User, B", stretches, None).written == ()
    assert (file.stat().st_ino, file.stat().st_size) == (before.st_ino, before.st_size)


def test_ends_of_lines_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "pauses.csv"
    old = _HEAD.strip().encode() + b"\r\nuser-a,pause,2026-01-05T08:00:00+01:00,,\r\n"
    file.write_bytes(b"\xef\xbb\xbf" + old)
    enter_pauses(file, "user-b", list_stretches(asked()), None)
    assert file.read_bytes().startswith(old)
    assert read_pauses(str(file), fold_case=True).people == {"user-a", "user-b"}


def test_an_exemption_names_the_role_that_granted_it(tmp_path: Path) -> None:
    file = tmp_path / "pauses.csv"
    enter_pauses(file, "user-a", list_stretches(asked()), "works council")
    assert read_exempt(str(file), fold_case=True) == {"user-a"}
    assert file.read_text().endswith(",works council\n")
    with pytest.raises(UsageError, match="--granted-by names the role"):
        enter_pauses(file, "user-a", list_stretches(asked()), " ")


def test_a_file_that_a_run_would_refuse_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "pauses.csv"
    file.write_text(_HEAD + "user-a,pause,tomorrow,,\n")
    with pytest.raises(RefusedError, match=r"such as 2026-11-29T14:05:00\+01:00"):
        enter_pauses(file, "user-a", list_stretches(asked()), None)
    assert file.read_text() == _HEAD + "user-a,pause,tomorrow,,\n"
    for name, user in (("pauses.parquet", "user-a"), ("new.csv", " "), ("new.csv", "user\u200ba")):
        with pytest.raises(UsageError):
            enter_pauses(tmp_path / name, user, list_stretches(asked()), None)
        assert not (tmp_path / name).exists()


def test_the_command_says_which_stretches_it_entered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "id.txt").write_text("user-b\n")
    words = ["enter-pause", str(tmp_path / "pauses.csv"), "--user-file", str(tmp_path / "id.txt")]
    words += ["--day", "2026-10-23", "--from", "15:00", "--zone", "Europe/Berlin"]
    weekly = [*words, "--to", "24:00", "--weekly-until", "2026-10-31"]
    assert main(weekly) == 0
    out = capsys.readouterr().out
    assert "pauses.csv: 2 pauses entered, 0 were there already\n2026-10-23T13:00:00Z to 2026-10-23T22:00:00Z\n" in out
    assert "user-b" not in out
    assert main(weekly) == 0
    assert "0 pauses entered, 2 were there already\n" in capsys.readouterr().out
    assert main(words) == 2
    weekly[1] = "s3://bucket/pauses.csv"
    assert main(weekly) == 2
    assert "FILE: must be a file of this machine" in capsys.readouterr().err
