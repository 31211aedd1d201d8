import io
import quopri
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.rejects import Reason
from tests.support.cpu import under_cpu_seconds
from transforms.ingest.formats.registry import recognise

Read = Callable[..., tuple]


def action(time: str, kind: str, description: str, place: str = "1,2", more: str = "") -> str:
    inner = (
        f"<Description>{description}</Description><Action>{kind}</Action><CursorCoordsXY>{place}</CursorCoordsXY>{more}"
    )
    named = 'FileName="a.exe" FileDescription="Notes" CommandLine="C:\\Users\\jane"'
    return f'<EachAction Time="{time}" {named}>{inner}</EachAction>'


@pytest.mark.parametrize("words", ['on "', "[", 'on "a (', 'in ""'])
def test_no_description_stalls(words: str, tmp_path: Path, read_all: Read) -> None:
    kinds = ("Mouse Left Click", "Keyboard Input")
    actions = "".join(action("1:00:00 AM", kind, words * 4_000) for kind in kinds)
    path = tmp_path / "report.xml"
    path.write_text(f"<UserActionData>{actions}</UserActionData>")
    with under_cpu_seconds(0.8):
        table, *_ = read_all(path, "steps-recorder", user="u")
    assert "pointer" in table["kind"].to_pylist()


@pytest.mark.parametrize(
    ("description", "role", "name"),
    [
        ('click on "Save (button)" in "Notes"', "button", "Save"),
        ('click on "Save (as) (menu item)" in "Notes"', "menuitem", "Save (as)"),
        ('click on "Save" in "a (b)" in "Notes"', "generic", "Save"),
        ('click on "(edit)" in "Notes"', "generic", "(edit)"),
        ('click on "Save (a"b)" in "Notes"', "generic", 'Save (a"b)'),
    ],
)
def test_an_element_has_its_name_and_its_role(
    description: str, role: str, name: str, tmp_path: Path, read_all: Read
) -> None:
    path = tmp_path / "report.xml"
    path.write_text(f"<UserActionData>{action('1:00:00 AM', 'Mouse Left Click', description)}</UserActionData>")
    table, *_ = read_all(path, "steps-recorder", user="u")
    target = next(row["target"] for row in table.to_pylist() if row["kind"] == "pointer")
    assert (target["role"], target["name"]) == (role, name)


@pytest.mark.parametrize("description", ["keys [a", "keys a]", "keys [a] b", "keys"])
def test_keys_stand_in_brackets_at_the_end(description: str, tmp_path: Path, read_all: Read) -> None:
    path = tmp_path / "report.xml"
    path.write_text(f"<UserActionData>{action('1:00:00 AM', 'Keyboard Input', description)}</UserActionData>")
    table, *_ = read_all(path, "steps-recorder", user="u")
    assert "key" not in table["kind"].to_pylist()


ACTIONS = [
    action("11:59:58 PM", "Mouse Left Click", 'User left click on "Save (button)" in "List - Notes"'),
    action("11:59:59 PM", "Keyboard Input", 'User keyboard input in "List - Notes" [... Ctrl-S Backspace ...]'),
    action(
        "12:00:01 AM",
        "Mouse Wheel",
        'User mouse wheel down in "Inbox"',
        more="<ScreenshotFileName>1.JPEG</ScreenshotFileName>",
    ),
    action("0:00:02", "User Comment", "secret"),
    action("noon", "Mouse Left Click", ""),
    action("12:00:03 AM", "Juggle", ""),
    action("12:00:04 AM", "Mouse Right Click", "", place="left"),
]
REPORT = f"<UserActionData><RecordSession>{''.join(ACTIONS)}</RecordSession></UserActionData>".encode()
PAGE = b"MIME-Version: 1.0\n\n<title>Recorded Steps</title>\n" + quopri.encodestring(REPORT)


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Recording_2026.mht", content)
    return packed.getvalue()


@pytest.mark.parametrize("content", [REPORT, PAGE, zipped(PAGE)], ids=["xml", "mht", "zip"])
def test_actions_become_events_over_midnight(content: bytes, tmp_path: Path, read_all: Read) -> None:
    path = tmp_path / "report"
    path.write_bytes(content)
    assert recognise(path) == "steps-recorder"
    table, faults, count = read_all(path, "steps-recorder", user="u")
    rows = table.to_pylist()
    assert [(row["title"], row["app"]) for row in rows if row["kind"] == "focus"] == [
        ("List - Notes", "Notes"),
        ("Inbox", "Notes"),
    ]
    target = next(row["target"] for row in rows if row["action"] == "click")
    assert (target["role"], target["name"]) == ("button", "Save")
    assert [row["key"] for row in rows if row["kind"] == "key" and row["action"] == "down"] == [
        "Unidentified", "Control", "S", "Backspace", "Unidentified",
    ]  # fmt: skip
    assert [row["t_us"] // 1_000_000 for row in rows if row["kind"] == "pointer"] == [86_398, 86_401]
    assert next(row["dy"] for row in rows if row["action"] == "scroll") == 100
    assert [(fault.line, fault.problem.reason) for fault in faults] == [
        (place, Reason.UNKNOWN_KIND) for place in (5, 6, 7)
    ]
    assert count == len(rows) + 3 + 2
    assert "jane" not in str(rows)


@pytest.mark.parametrize(
    "content",
    [
        b'<UserActionData><!DOCTYPE a [<!ENTITY b "c">]>&b;</UserActionData>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><UserActionData>&b;</UserActionData>',
        b"<UserActionData><a></UserActionData>",
        b"<UserActionData>",
    ],
)
def test_a_report_that_declares_or_breaks_anything_is_refused(content: bytes, tmp_path: Path, read_all: Read) -> None:
    path = tmp_path / "report.xml"
    path.write_bytes(content)
    table, faults, _ = read_all(path, "steps-recorder", user="u")
    assert (table.num_rows, [fault.problem.reason for fault in faults]) == (0, [Reason.BAD_JSON])
