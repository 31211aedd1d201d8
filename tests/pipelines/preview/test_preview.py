"""The preview: one page of one session, as its person sees it in a browser."""

import base64
import gzip
import json
import re
import secrets
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from playwright.sync_api import Browser, Page

from pipelines.cli.main import main
from pipelines.preview.page import MOST_BYTES, render_page
from pipelines.preview.page_data import LEVELS, Thinning, thin_out
from pipelines.preview.rehearse import choose_session, select_person
from schemas.errors import UsageError
from tests.support.browser import list_violations, open_page

_SECRET = "kingfisher-77-Delta"
_START = 1_795_600_000_000_000
_DENIED_X = 7_717.0
_BOX = {"x": 0, "y": 0, "width": 90, "height": 9}


class _Log:
    """A recording under construction."""

    def __init__(self, session: str, user: str) -> None:
        self.events: list[dict[str, Any]] = []
        self._of = {"session_id": session, "user_id": user}

    def add(self, kind: str, **told: object) -> None:
        seq = len(self.events)
        self.events.append({**self._of, "seq": seq, "t_us": _START + seq * 200_000, "kind": kind, **told})

    def type(self, field: str, keys: list[str]) -> None:
        for key in keys:
            for action in ("down", "up"):
                self.add("key", action=action, key=key, code="", modifiers=[], field_id=field)

    def text(self) -> str:
        return "".join(json.dumps(event) + "\n" for event in self.events)


def _session() -> _Log:
    log = _Log("office-1", "user-a")
    log.add("focus", app="mail", title="Lunch with Tilda Marwick - Mail")
    log.add("screen", source="ocr", text="From: Tilda Marwick <tilda.marwick@example.org>\nThe blue heron project")
    log.add("field", field_id="f1", role="textbox", label="Subject", multiline=False)
    log.type("f1", [*"mail bob.sedgwick@example.org", *["Backspace"] * len("bob.sedgwick@example.org"), *"soon"])
    log.add("pointer", action="click", x=100, y=200, button="left", target={"role": "button", "name": "Send"})
    log.add("field", field_id="f2", role="password", label="Password", multiline=False)
    log.type("f2", list(_SECRET))
    log.add("focus", app="KeePassXC", title="Passwords of an otter - KeePassXC")
    log.add("pointer", action="click", x=_DENIED_X, y=300, button="left", target={"role": "button", "name": "otter"})
    log.add("focus", app="mail", title="Inbox - Mail")
    return log


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    other = _Log("office-2", "user-b")
    other.add("focus", app="mail", title="The cormorant of somebody else")
    (home / "log.jsonl").write_text(_session().text() + other.text())
    words = ["preview", str(home / "log.jsonl"), "--session", "office-1", "-o", str(home / "page.html"), "--json"]
    assert main(words) == 0
    return home


def content_of(path: Path) -> dict[str, Any]:
    packed = re.search(r'id="content">([^<]+)<', path.read_text())
    assert packed is not None
    content: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    return content


def test_the_page_is_its_owners_alone_and_holds_nothing_of_others_nor_a_password(home: Path) -> None:
    path = home / "page.html"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_size < MOST_BYTES
    text = json.dumps(content_of(path), ensure_ascii=False)
    assert "Tilda Marwick" in text
    assert "cormorant" not in text
    assert _SECRET not in text
    assert "otter" not in text


def test_what_went_is_marked_with_its_reason_and_the_made_up_value_stands_beside_it(home: Path) -> None:
    content = content_of(home / "page.html")
    focus, screen = content["moments"][0], content["moments"][1]
    title = next(text for text in focus["texts"] if text["name"] == "Title")
    assert ["Tilda Marwick", "PERSON", "names and places", "certain"] in title["before"]
    assert [part[1] for part in title["after"] if isinstance(part, list)] == ["PERSON"]
    assert any(part[1] == "EMAIL_ADDRESS" and "mail" in part[2] for part in screen["texts"][0]["before"] if part[1:])
    typed = [item for item in content["moments"] if item["kind"] == "text_input"]
    assert [part[:2] for part in typed[0]["deleted"]] == [["bob.sedgwick@example.org", "EMAIL_ADDRESS"]]
    assert typed[1]["texts"][0]["before"][0][:2] == ["\u2022" * 8, "PASSWORD"]
    dropped = next(item for item in content["moments"] if item.get("dropped"))
    assert dropped["dropped"] == 2
    assert content["total"]["events"] == len(_session().events)
    assert sum(sum(counts) for _, *counts in content["outcomes"]) == len(_session().events)
    assert [text["before"][0][:2] for text in dropped["texts"]] == [["\u2022" * 8, "private"]] * 2
    assert [point[0] for point in content["pointer"]["before"]] == [100.0]


def test_the_words_of_other_people_stand_on_no_page_where_they_are_withheld(tmp_path: Path) -> None:
    log = _Log("office-3", "user-a")
    log.add("focus", app="geary", title="The salary of Tilda Marwick - Inbox - Geary")
    log.add("screen", source="ocr", text="Could you come at noon?\nReply\nTilda Marwick")
    message = {"role": "listitem", "name": "Could you come at noon?", "bounds": _BOX}
    log.add("screen", source="a11y", text="", nodes=[message])
    (tmp_path / "log.jsonl").write_text(log.text())
    page, policy = tmp_path / "page.html", "redact.bystanders=withhold_incoming"
    assert main(["preview", str(tmp_path / "log.jsonl"), "-o", str(page), "--set", policy]) == 0
    content = content_of(page)
    assert not re.search("noon|salary|Marwick", json.dumps(content))
    screen = content["moments"][1]["texts"][0]
    why = "withheld: not typed by you, in a place where other people write or may write"
    withheld = ["<INCOMING>", "INCOMING", why, "certain"]
    assert screen["before"] == [withheld, "\nReply\n", withheld]
    assert content["moments"][2]["texts"][0]["before"] == [withheld, "\n"]


def test_the_page_plays_the_session_by_keyboard_alone(home: Path, browser: Browser) -> None:
    with open_page(browser, home / "page.html") as page:
        page.wait_for_selector("html[data-ready=true]")
        first = page.inner_text("#when")
        _tab_to(page, "next")
        page.keyboard.press("Enter")
        assert page.inner_text("#when") != first
        _tab_to(page, "at")
        page.keyboard.press("Home")
        assert page.inner_text("#when") == first
        assert "Tilda Marwick" in page.inner_text("#before")
        assert "Tilda Marwick" not in page.inner_text("#after")
        assert "Tilda Marwick: name of a person, certain; names and places" in page.inner_text("#why")
        assert "PERSON" not in page.inner_text("main")
        _tab_to(page, "only")
        page.keyboard.press("Space")
        assert "Moment 1 of" in page.inner_text("#when")
        _tab_to(page, "play")
        page.keyboard.press("Enter")
        assert page.get_attribute("#play", "aria-pressed") == "true"
        page.locator("#when", has_text="Moment 2 of").wait_for()
        page.keyboard.press("Enter")
        assert page.get_attribute("#play", "aria-pressed") == "false"


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the element is reached; fail where it never is."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    pytest.fail(f"{name} is not reached by keyboard")


def test_wishes_are_saved_as_a_file_that_a_run_reads(home: Path, browser: Browser, tmp_path: Path) -> None:
    from transforms.consent.restriction_files import read_restrictions  # noqa: PLC0415

    with open_page(browser, home / "page.html", accept_downloads=True) as page:
        page.wait_for_selector("html[data-ready=true]")
        assert page.is_disabled("#save")
        page.fill("#word", "blue heron")
        page.press("#word", "Enter")
        page.click("#from")
        page.click("#next")
        page.click("#until")
        assert page.locator("#wishes li").all_inner_texts() == [
            "Take out moments 1 to 2 (recorded at 0 min 0 s to 0 min 0 s) Take back",
            "Private: blue heron Take back",
        ]
        page.click("#remove")
        assert page.inner_text("#wishes").splitlines()[1].startswith("Take out moment 2 (recorded at 0 min 0 s)")
        page.locator("#wishes button").nth(1).click()
        with page.expect_download() as told:
            page.click("#save")
        told.value.save_as(tmp_path / "wishes.json")
    read = read_restrictions(None, (str(tmp_path / "wishes.json"),), fold_case=True)
    assert read.removed == {"user-a": (("office-1", 0, 2),)}
    assert read.words == ("blue heron",)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_breaks_no_rule_of_accessibility_and_fits_a_phone(home: Path, browser: Browser, scheme: str) -> None:
    phone = {"viewport": {"width": 360, "height": 700}, "color_scheme": scheme}
    assert list_violations(browser, home / "page.html", **phone) == []
    with open_page(browser, home / "page.html", **phone) as page:
        page.wait_for_selector("html[data-ready=true]")
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_recording_of_several_sessions_or_none_is_told(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, page = str(home / "log.jsonl"), str(tmp_path / "page.html")
    assert main(["preview", log, "-o", page]) == 2
    told = capsys.readouterr().err
    assert "2 sessions; pass --session with the id of one, or --session '#1' for the first, up to '#2'" in told
    assert "they began: #1 2026-11-25 09:46 UTC, #2 2026-11-25 09:46 UTC\n" in told
    for number in ("#0", "#3", "2"):
        assert main(["preview", log, "-o", page, "--session", number]) == 2
    assert main(["preview", log, "-o", page, "--session", "office-9"]) == 2
    assert main(["preview", str(home), "-o", page]) == 2
    (tmp_path / "empty.jsonl").write_text("{}\n")
    assert main(["preview", str(tmp_path / "empty.jsonl"), "-o", page]) == 2
    assert "office-9" not in capsys.readouterr().err
    assert not Path(page).exists()


def test_at_most_thirty_sessions_are_listed_with_their_begin() -> None:
    for number, more in ((30, False), (31, True)):
        table = pa.table(
            {
                "session_id": [f"s{place}" for place in range(number)],
                "t_us": pa.array([None, *range(1, number)], pa.int64()),
            }
        )
        with pytest.raises(UsageError, match="#1 at no known time, #2 1970-01-01 00:00 UTC") as told:
            choose_session(table, None)
        assert ("#30 " in str(told.value), str(told.value).endswith(", and so on")) == (True, more)


@pytest.mark.parametrize(
    ("pause", "words", "left"),
    [
        ("user-a,pause,2026-11-25T09:46:40Z,2026-11-25T09:46:40.4Z,", (), 3),  # the first two of many events
        ("user-b,pause,2026-01-01T00:00:00Z,,", (), None),
        ("", ("blue heron",), None),
    ],
)
def test_the_page_obeys_pauses_and_wishes_of_the_settings(
    home: Path, tmp_path: Path, *, pause: str, words: tuple[str, ...], left: int | None
) -> None:
    (tmp_path / "pauses.csv").write_text(f"user_id,kind,starts_at,ends_at,granted_by\n{pause}\n")
    wish = {"format": "keyveil-wishes-1", "user": "user-a", "session": "x", "remove": [], "private": [*words]}
    (tmp_path / "wishes.json").write_text(json.dumps(wish))
    page = tmp_path / "page.html"
    settings = ["--set", f"consent.pauses={tmp_path}/pauses.csv", "--set", f"consent.wishes=[{tmp_path}/wishes.json]"]
    assert main(["preview", str(home / "log.jsonl"), "--session", "office-1", "-o", str(page), *settings]) == 0
    content, whole = content_of(page), content_of(home / "page.html")
    assert content["total"]["events"] + content["taken_out"] == whole["total"]["events"]
    assert (content["taken_out"] > 0) is (left is not None)
    shown = json.dumps(content["moments"])
    assert ("blue heron" in shown) is (not words and left is None), "a private word is hidden on both sides"


def test_a_session_that_lies_whole_in_a_pause_has_no_page(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pauses.csv").write_text(
        "user_id,kind,starts_at,ends_at,granted_by\nUSER-A,pause,2026-11-25T08:00:00Z,2026-11-25T10:00:00Z,\n"
    )
    words = ["preview", str(home / "log.jsonl"), "--session", "office-1", "-o", str(tmp_path / "page.html")]
    assert main([*words, "--set", f"consent.pauses={tmp_path}/pauses.csv"]) == 2
    assert "the whole session lies in a pause, or was taken out" in capsys.readouterr().err
    assert not (tmp_path / "page.html").exists()


def test_a_session_may_be_told_by_its_number() -> None:
    table = pa.table({"session_id": ["b", "b", "#1", "c"], "user_id": ["u", "u", "u", "v"]})
    assert [choose_session(table, name)["session_id"].to_pylist() for name in ("b", "#1", "#2", "#3")] == [
        ["b", "b"],
        ["#1"],
        ["#1"],
        ["c"],
    ]


def test_nobody_is_shown_what_another_person_did(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, page = str(home / "log.jsonl"), tmp_path / "page.html"
    for session in ("office-1", "#1"):
        assert main(["preview", log, "-o", str(page), "--session", session, "--user", "user-z"]) == 2
        assert "the recording is of another person than --user" in capsys.readouterr().err
    assert not page.exists()


def test_only_sessions_of_the_person_count() -> None:
    table = pa.table({"session_id": ["a", "b", "b"], "user_id": ["u", "v", "v"]})
    assert choose_session(select_person(table, "v"), None)["session_id"].to_pylist() == ["b", "b"]
    with pytest.raises(UsageError, match="no session that --session gives"):
        choose_session(select_person(table, "v"), "a")
    assert select_person(table, None) is table
    assert select_person(table.slice(0, 0), "w").num_rows == 0


def test_a_huge_session_is_thinned_until_the_page_is_small(home: Path) -> None:
    content = content_of(home / "page.html")
    words = [base64.b64encode(bytes([n % 251, n // 251, k % 7] * 40)).decode() for n in range(900) for k in range(4)]
    noise = [{"name": "Screen", "before": [word * 9], "after": [word]} for word in words]
    content["moments"] = [{**content["moments"][0], "texts": [text]} for text in noise]
    assert len(render_page(content | {"statement": ""})) < MOST_BYTES
    with pytest.raises(UsageError, match="too large"):
        render_page(content | {"statement": base64.b64encode(secrets.token_bytes(3 << 20)).decode()})


def test_thinning_keeps_a_text_up_to_its_limit() -> None:
    moment = {
        "texts": [{"name": "Screen", "before": ["abc", ["def", "PERSON", "", ""], "ghij"], "after": ["abcdefghij"]}]
    }
    content = {"moments": [moment, moment], "rows": [{"text": "abcdefghijk", "seq": 1}] * 3}
    thin = thin_out(content, Thinning(rows=2, moments=1, characters=9))
    assert thin["moments"][0]["texts"][0]["before"] == ["abc", ["def", "PERSON", "", ""], "ghi \u2026 (cut)"]
    assert thin["rows"] == [{"text": "abcdefghi", "seq": 1}] * 2
    assert thin_out(content, LEVELS[0]) == content
