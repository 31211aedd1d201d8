import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import TextKind
from tests.redact.detect.recognizers.conftest import Find
from transforms.redact.detect.recognizers.personal_facts import _DATE_GATE, DATE, _alone_value

PHONES = [
    "+49 30 90900 1234",
    "+1 (212) 555-0143",
    "(212) 555-0143",
    "212.555.0143",
    "020 7946 0123",
    "0131 496 0123",
    "06 12 34 56 78",
    "01.84.17.61.18",
    "+46 70 123 45 67",
    "736 256 385",
    "0049 30 123456",
    "(02) 9876 5432",
    "089.123.4567-1",
    "030.1.4567-12",
]
NOT_PHONES = [
    "12345678",
    "2024-10-01 12:30",
    "1,234,567 rows",
    "10.20 - 11.45",
    "192 168 items",
    "build 19041",
    "01/2023-05/2023",
    "ISBN 978-3-16-148410-0",
    "1 2 3 4 5 6 7 8",
    "3.14159265",
    "8121  8119  0",
    "52.5702 -8.4471",
    "v 37.6188 101.694 -12.250",
    "google-chrome 156.0.8078.108-1 amd64",
    "libtext 3.1-20221030-2 amd64",
    "0.41.0 - 0.43.0    14.x.x",
    "8.7 (2026-10-15)",
    "3.3.0 (2026-08-22)",
    "browser 159.0.8154.6 |",
]
FOUND = [
    ("call me on 921 17 410", "PHONE_NUMBER", "921 17 410"),
    ("tel 5551234", "PHONE_NUMBER", "5551234"),
    ("richiamare al 350905429", "PHONE_NUMBER", "350905429"),
    ("ligar de volta para 914366875", "PHONE_NUMBER", "914366875"),
    ("перезвонить на 8049549026", "PHONE_NUMBER", "8049549026"),
    ("dob 12/10/1973", "DATE_OF_BIRTH", "12/10/1973"),
    ("geboren am 3. März 1981", "DATE_OF_BIRTH", "3. März 1981"),
    ("née le 14 juillet 1979", "DATE_OF_BIRTH", "14 juillet 1979"),
    ("Date of birth: May 27, 1956", "DATE_OF_BIRTH", "May 27, 1956"),
    ("username: jroe", "USERNAME", "jroe"),
    ("the login is jroe / Feder?4711", "USERNAME", "jroe"),
    ("docker login -u jroe", "USERNAME", "jroe"),
    ("contact the admin Jane_Roe", "USERNAME", "Jane_Roe"),
    ("48.85837, 2.29448", "LOCATION", "48.85837, 2.29448"),
    ("48.85837° 2.29448°", "LOCATION", "48.85837° 2.29448°"),
    ("near [48.85837, 2.29448].", "LOCATION", "[48.85837, 2.29448]"),
    ("near [-48.858,+2.294]", "LOCATION", "[-48.858,+2.294]"),
    ("near [48.85,-22.2944]", "LOCATION", "[48.85,-22.2944]"),
    ("near [48.8585,22.2]", "LOCATION", "[48.8585,22.2]"),
    ("assigned to jroe_7", "USERNAME", "jroe_7"),
    ("slack is jroe", "USERNAME", "jroe"),
    ("see Jane.Roe there", "USERNAME", "Jane.Roe"),
    ("seen on 2000-01-02 by the ward", "DATE_OF_BIRTH", "2000-01-02"),
    ("Roe | 1984-03-12 00:00:00", "DATE_OF_BIRTH", "1984-03-12"),
    ("seen on 1971-01-01 by the ward", "DATE_OF_BIRTH", "1971-01-01"),
]
NOT_FOUND = [
    "python3 -m pip install -U axe-playwright-python",
    "login is required",
    "user name",
    "born to run",
    "the user is offline",
    "meeting on 12/10/2024",
    "handle with care",
    "[48.85,-22.294]",
    "[4.85,-22.2944]",
    "[48.858,-22.2]",
    "[48.85,2.2944]",
    "[0.25, 1.5]",
    "save this as app.py",
    "it is as simple as e.g.",
    "import { NIL as NIL_UUID }",
    "User.findOne({ username: username })",
    "Slack is probably the easiest way",
    "similar to Boost.Python there",
    "talk on Libera.Chat now",
    "back to 2000-01-01 again",
    "counted from 1970-01-01 on",
    "subtract a minute from 2002-10-27 1:00 EST",
]


@pytest.mark.parametrize("number", PHONES)
def test_phone_numbers_are_found_without_a_cue(find: Find, number: str) -> None:
    assert find(f"is it {number} maybe") == [("PHONE_NUMBER", number)]


@pytest.mark.parametrize("text", NOT_PHONES)
def test_other_numbers_are_no_phone_numbers(find: Find, text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(("text", "entity", "value"), FOUND)
def test_personal_data_is_found_by_its_cue(find: Find, text: str, entity: str, value: str) -> None:
    assert (entity, value) in find(text)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_a_cue_without_a_value_is_left(find: Find, text: str) -> None:
    assert find(text) == []


def test_a_date_is_a_birthday_only_when_it_stands_alone(find: Find) -> None:
    assert find("4/9/49", TextKind.CLIPBOARD) == [("DATE_OF_BIRTH", "4/9/49")]
    assert find("due on 4/9/49", TextKind.CLIPBOARD) == []


@pytest.mark.parametrize("date", ["06/07/1903", "1961-04-12", "12 April 1961", "Mar 3, 2004", "3.11.1988"])
def test_a_date_of_long_ago_is_taken_for_a_birthday(find: Find, date: str) -> None:
    assert ("DATE_OF_BIRTH", date) in find(f"seen on {date} by the ward")
    assert ("DATE_OF_BIRTH", date) in find(f"seen on x{date} by the ward")  # a slip of the finger before it


@pytest.mark.parametrize("date", ["06/07/2024", "2026-01-31", "12 April 2019", "v1.9.1988", "1988"])
def test_a_date_of_these_years_is_left(find: Find, date: str) -> None:
    assert find(f"meet on {date} in the office") == []


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("report.pdf", False),
        ("anna kowalski", None),
        ("type_size", False),
        ("anna_size", None),
        ("type_size7", None),
        ("Bewe_rtung", False),  # the mark of an access key
        ("Bewe_rtung7", None),
        ("Kowal_czik", None),
    ],
)
def test_a_file_that_stands_alone_is_nobody(value: str, *, verdict: bool | None) -> None:
    assert _alone_value(value) is verdict


def test_a_phone_number_may_touch_ideographs(find: Find) -> None:
    assert find("折り返しは070-4047-9666まで") == [("PHONE_NUMBER", "070-4047-9666")]
    assert find("王小明来电:请回电13951620466关于保修") == [("PHONE_NUMBER", "13951620466")]


@given(st.from_regex(re.compile(DATE, re.IGNORECASE), fullmatch=True))
def test_the_gate_of_dates_matches_every_date(date: str) -> None:
    assert re.search(_DATE_GATE, date, re.IGNORECASE)


def test_a_phone_number_is_read_in_the_digits_of_any_script(find: Find) -> None:
    assert find("٠٥٥١٢٣٤٨٩٧") == [("PHONE_NUMBER", "٠٥٥١٢٣٤٨٩٧")]
