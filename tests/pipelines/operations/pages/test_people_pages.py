"""Pages for people: what is kept about one of them, what is done with all of them; and erasure of who withdrew."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser

from pipelines.budget.opt_outs import OptOutTable
from pipelines.cli.main import main
from pipelines.operations.erase import ErasureResult
from pipelines.operations.pages.plain_page import Section, render_plain_page
from pipelines.operations.pages.subject import Standing, Subject, find_subject, list_population_models
from pipelines.operations.pages.subject_report import render_subject_report
from pipelines.operations.report import read_manifest
from pipelines.state.private_state import PrivateState
from tests.support.basis import SETTINGS, WORDS
from tests.support.browser import list_violations, open_page
from transforms.keys.key_set import KeyReference

_EXAMPLES = Path(__file__).parents[4] / "examples"
_POLICY = Path(__file__).parents[3] / "preflight" / "policy.yaml"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_DAY = date(2026, 11, 30)
_GRADE = 6
"""School year of somebody who is about twelve."""
_USERS = ("user-a", "user-b", "user-c", "user-d")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    assert main(["keys", "init", str(home / "keys")]) == 0
    write_registry(home, ())
    words = ["--consent", str(home / "consent.csv"), "--keys", str(home / "keys"), "--output", str(home / "out")]
    words += [*WORDS, "--set", "noise.model=prior", "--set", "redact.profile=fast"]
    assert main(["run", "--input", str(_LOG), *words]) == 0
    (home / "made-on.txt").write_text(datetime.now(UTC).date().isoformat())
    return home


def write_registry(home: Path, withdrawn: tuple[str, ...]) -> None:
    lines = [
        f"{user},training,1,2024-01-01T00:00:00Z,{'2024-02-01T00:00:00Z' if user in withdrawn else ''}\n"
        for user in _USERS
    ]
    header = "user_id,purpose,version,granted_at,withdrawn_at\n"
    (home / "consent.csv").write_text(header + "".join(lines))


def report(
    home: Path, page: Path, capsys: pytest.CaptureFixture[str], user: str, *more: str, code: int = 0
) -> dict[str, object]:
    capsys.readouterr()
    words = ["subject-report", str(home / "out"), "--user", user, "--keys", str(home / "keys"), "-o", str(page)]
    assert main([*words, "--policy", str(_POLICY), "--json", *more]) == code
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_a_person_is_told_what_each_release_holds_of_them_and_nothing_of_others(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    (home / "keys" / "quarantine.private.pem").rename(tmp_path / "away")  # the answer takes no private key
    try:
        told = report(home, page, capsys, " USER-A ")
    finally:
        (tmp_path / "away").rename(home / "keys" / "quarantine.private.pem")
    events = [json.loads(line) for line in _LOG.read_text().splitlines()]
    sessions = {event["session_id"] for event in events if event["user_id"] == "user-a"}
    (release,) = told["releases"]  # type: ignore[misc]
    assert release["sessions"] == len(sessions)
    assert 0 < release["rows"] < len(events)
    text = page.read_text()
    assert f"{release['rows']:,}</td>" in text
    assert "privacy@example.com" in text
    assert "No list is kept of who reads it." in text
    assert ">made</td>" in text
    assert not [user for user in _USERS if user in text]
    assert page.stat().st_mode & 0o777 == 0o600


def test_of_somebody_unknown_it_says_so(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    told = report(home, page, capsys, "user-z", code=1)
    assert (told["releases"], told["staged"], told["quarantined"]) == ([], 0, 0)
    text = page.read_text()
    assert "Nobody is known here under the name that was looked up." in text
    assert "No release holds rows of yours." in text
    assert "the columns of each row" not in text
    registered = tmp_path / "consent.csv"  # user-z is registered there, and was never recorded
    registered.write_text((home / "consent.csv").read_text().replace("user-d", "user-z"))
    report(home, page, capsys, "user-z", "--consent", str(registered))
    text = page.read_text()
    assert "Nobody is known here" not in text
    assert "The list of people who agreed names you" in text
    assert f"from the sealed data itself on {datetime.now(UTC).date()}." in text
    assert "The ledger holds no step about a release under a name of yours." in text


@pytest.mark.parametrize(
    ("user", "withdrawn", "says", "titled"),
    [
        ("user-a", ("user-a",), "says that you withdrew", "How to be erased"),
        ("user-a", (), "names you, and you did not take all of it back", "How to withdraw"),
        ("USER-A", ("user-b",), "names you, and you did not take all of it back", "How to withdraw"),
    ],
)
def test_what_the_registry_says_of_a_person_is_told(
    home: Path, tmp_path: Path, *, user: str, withdrawn: tuple[str, ...], says: str, titled: str
) -> None:
    write_registry(tmp_path, withdrawn)
    private = PrivateState.of(KeyReference.parse(str(home / "keys")), None)
    subject = find_subject(user, str(home / "out"), private, _DAY, str(tmp_path / "consent.csv"))
    text = render_subject_report(subject, None).decode()
    assert f"The list of people who agreed {says}" in text
    assert f"<h2>{titled}</h2>" in text
    assert ("Say that you withdraw." in text) is (titled == "How to withdraw")
    assert ("You withdrew already." in text) is (titled != "How to withdraw")
    assert subject.releases[0].made == (home / "made-on.txt").read_text()
    absent = subject._replace(standing=Standing.ABSENT)
    assert "does not name you. Recordings of you are not used." in render_subject_report(absent, None).decode()
    unknown = render_subject_report(subject._replace(standing=None), None).decode()
    assert ("Your yes" in unknown, "How to withdraw" in unknown) == (False, True)


def test_what_only_experts_read_is_closed_at_first(home: Path) -> None:
    private = PrivateState.of(KeyReference.parse(str(home / "keys")), None)
    text = render_subject_report(find_subject("user-a", str(home / "out"), private, _DAY), None).decode()
    plain = re.sub("<details .*?</details>", "", text, flags=re.DOTALL)
    for word in ("epsilon", "pseudonym", "code points", "Accountant"):
        assert word in text
        assert word not in plain
    assert "What your rows hold" in plain


def test_each_link_of_a_page_leads_to_a_section_also_to_a_closed_one() -> None:
    sections = [Section("open"), Section("closed", folded=True)]
    page = render_plain_page("title", (), sections, brief=Section("in short")).decode()
    targets = re.findall('href="#([^"]+)"', page)
    assert targets == re.findall('<(?:section|details) id="([^"]+)"', page) == ["part-1", "part-2"]


def test_releases_in_which_nobody_can_be_found_are_counted_and_not_denied(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = PrivateState.of(KeyReference.parse(str(home / "keys")), None)
    for profile, unnamed in (("events", 1), ("aggregates", 1), ("restricted", 0), (None, 0)):
        monkeypatch.setattr(
            "pipelines.operations.pages.subject.read_manifest",
            lambda *of, to=profile: replace(read_manifest(*of), profile=to),
        )
        subject = find_subject("nobody", str(home / "out"), private, _DAY)
        assert subject.unnamed == unnamed
        page = render_subject_report(subject, None).decode()
        assert ("No release holds rows of yours." in page) is not bool(unnamed)
        assert ("Without a name: 1 release of short pieces or tables." in page) is bool(unnamed)


def test_models_that_may_have_learned_from_a_person_are_named(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    report(home, page, capsys, "user-a")
    assert "No model that learned from you is known." in page.read_text()
    words = ["ledger", "charge", "--label", "agent.7", "--epsilon", "0.02", "--delta", "1e-9"]
    assert main([*words, "--keys", str(home / "keys")]) == 0
    report(home, page, capsys, "user-a")
    assert re.search(r"<li>agent\.7, charged on \d{4}-\d\d-\d\d</li>", page.read_text())
    assert "An erasure does not change a model." in page.read_text()


@pytest.mark.parametrize(
    ("profile", "address", "label", "listed"),
    [
        ("restricted", "/own", "population model", True),
        ("restricted", "/other", "population model", False),
        ("events", "/other", "population model", True),
        ("events", "/other", "scrolls", False),
    ],
)
def test_a_model_of_a_release_without_names_may_have_learned_from_anybody(
    profile: str, address: str, label: str, *, listed: bool
) -> None:
    made: Any = SimpleNamespace(profile=profile, budget=SimpleNamespace(charges=(SimpleNamespace(label=label),)))
    unpaid: Any = SimpleNamespace(profile=profile, budget=None)
    found = list(list_population_models({address: made, "/old": unpaid}, {"/own"}))
    assert found == [f"the model of how people type that {address} learned, with noise"] * listed


def test_a_report_states_its_limits_and_those_of_an_erasure() -> None:
    found = ErasureResult((), 0, 0, "")
    page = render_subject_report(Subject("gs://b", _DAY, False, (), 0, (), found, ()), None).decode()
    for limit in (
        "sealed record of it that runs keep",
        "coded marks of when your sessions had events",
        "the coded mark that an erasure leaves",
        "That alone deletes nothing: ask to be erased as well.",
        "Tables, models and copies elsewhere stay.",
    ):
        assert limit in page


def test_a_report_of_a_folder_says_how_long_releases_are_kept_and_who_was_given_keys(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    words = ["subject-report", str(home / "out"), "--user", "user-a", "--keys", str(home / "keys"), "-o", str(page)]
    assert main(words) == 0
    assert "1 release holds data of this person" in capsys.readouterr().out
    assert "No agreement about readers and dates was given" in page.read_text()
    assert "Keys to read releases" not in page.read_text()

    for role, holder in (("reader", "ML team"), ("bundle", "nights")):
        export = ["keys", "export", "--role", role, str(home / "keys"), "-o", str(tmp_path / role)]
        assert main([*export, "--holder", holder, "--until", "2999-01-31"]) == 0
    private = PrivateState.of(KeyReference.parse(str(home / "keys")), None)
    found = find_subject("user-a", str(home / "out"), private, _DAY)
    basis = found.releases[0].manifest.basis
    assert basis is not None
    (release,) = found.releases
    stated = [
        release._replace(manifest=replace(release.manifest, basis=replace(basis, releases_days=days)))
        for days in (30, 365)
    ]
    text = render_subject_report(found._replace(releases=tuple(stated)), None).decode()
    assert "deletes a release 365 days after it was made" in text
    assert "<h2>Keys to read releases</h2><ul><li>ML team got a key on " in text
    assert ("Its last day is 2999-01-31." in text, "nights" in text) == (True, False)
    text = render_subject_report(found._replace(releases=(release, *stated)), None).decode()
    assert "No agreement about readers and dates was given" in text, "one release does not say"
    text = render_subject_report(found._replace(holders=None), None).decode()
    assert "lies with the original of the keys" in text


def sheet(page: Path, *words: str) -> str:
    assert main(["worker-sheet", "gs://acme-keyveil", "-o", str(page), *words]) == 0
    return page.read_text()


@pytest.mark.parametrize("place", range(len(SETTINGS)))
def test_the_sheet_tells_each_setting_or_that_it_is_not_told(
    place: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*WORDS, "--policy", str(_POLICY)]
    assert "not stated this yet" not in sheet(tmp_path / "whole.html", *words)
    assert capsys.readouterr().err == ""
    torn = sheet(tmp_path / "torn.html", *words[: 2 * place], *words[2 * place + 2 :])
    assert "not stated this yet" in torn
    assert SETTINGS[place].partition("=")[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("settings", "says", "not_said"),
    [
        ((), "times are made up", "has noise on it"),
        (("noise.timing=noise",), "each time has noise on it", "times are made up"),
        (("noise.pointer=noise",), "each place has noise on it", "only what you clicked on is kept"),
        (("noise.profile=aggregates",), "No row of yours is", "row by row"),
        (("noise.profile=events",), "Short pieces", "row by row"),
        (("redact.denied=[clinic]",), "1 further kind of", "clinic"),
        (("purpose=typing aids",), "typing aids", "training."),
    ],
)
def test_the_sheet_follows_the_settings(tmp_path: Path, settings: tuple[str, ...], says: str, not_said: str) -> None:
    text = sheet(tmp_path / "page.html", *(word for setting in settings for word in ("--set", setting)))
    assert says in text
    assert not_said not in text


def test_the_words_of_the_sheet_are_plain(tmp_path: Path) -> None:
    text = sheet(tmp_path / "page.html", *WORDS).partition("<body>")[2]
    sentences = [part for part in text.replace("<", ". <").split(". ") if part.strip()]
    words = [len(sentence.split()) for sentence in sentences]
    assert max(words) <= 30
    for word in ("pause", "withdraw", "see", "complain"):
        assert f"<h3>{word.capitalize()}</h3>" in text


def grade(page: str) -> float:
    """Grade the words of a page by Flesch and Kincaid: the school year that reads them, by syllables and sentences."""
    body = re.sub("<details .*?</details>", "", page.partition("<body>")[2], flags=re.DOTALL)
    lines = re.sub("<[^>]+>", "", re.sub("</(?:h1|h2|h3|p|li|td|th)>", "\n", body)).splitlines()
    sentences = [part for line in lines for part in re.split(r"(?<=[.:;?!])\s+", line) if re.search("[a-z]", part)]
    words = re.findall("[a-z][a-z'-]*", " ".join(sentences).lower())
    syllables = sum(max(1, len(re.findall("[aeiouy]+", re.sub("(?<!l)e$", "", word)))) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def test_a_grade_rises_with_the_length_of_words_and_sentences() -> None:
    assert grade("<body><p>The cat sat on the mat. It was fat.</p>") < 0
    assert grade("<body><p>Notwithstanding organisational considerations, proportionality is indispensable.</p>") > 20


@pytest.mark.parametrize("bystanders", ["surrogate", "withhold_incoming", "drop_screen"])
@pytest.mark.parametrize("profile", ["restricted", "events", "aggregates"])
def test_somebody_of_twelve_can_read_the_sheet(tmp_path: Path, bystanders: str, profile: str) -> None:
    settings = (f"redact.bystanders={bystanders}", f"noise.profile={profile}", "basis.ground=legitimate_interests")
    words = [word for setting in settings for word in ("--set", setting)]
    assert grade(sheet(tmp_path / "sheet.html", *WORDS, *words, "--policy", str(_POLICY))) < _GRADE


def test_somebody_of_twelve_can_read_the_report(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report(home, tmp_path / "page.html", capsys, "user-a")
    assert grade((tmp_path / "page.html").read_text()) < _GRADE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_break_no_rule_of_accessibility(
    home: Path, tmp_path: Path, browser: Browser, scheme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report(home, tmp_path / "report.html", capsys, "user-a")
    table = OptOutTable("2026", "2026-11-29", 0.1, 0.0, 30, {"board": (1, 4, 0), "other": (90, 0, 7)})
    (tmp_path / "table.json").write_text(json.dumps(table.as_json()))
    reached_by = ["--set", "basis.telephone=+49 30 1234567", "--set", "basis.organisation=Acme"]
    sheet(tmp_path / "sheet.html", "--opt-outs", str(tmp_path / "table.json"), *WORDS, *reached_by)
    for name in ("report", "sheet"):
        phone = {"viewport": {"width": 360, "height": 700}, "color_scheme": scheme}
        assert list_violations(browser, tmp_path / f"{name}.html", **phone) == []
        with open_page(browser, tmp_path / f"{name}.html", **phone) as page:  # what scrolls is reached by Tab alone
            reached = page.locator(".scroll").count()
            links = page.locator("a").count()
            for number in range(links):
                page.keyboard.press("Tab")
                assert page.evaluate(f"document.querySelectorAll('a')[{number}] === document.activeElement")
            for number in range(reached):
                page.keyboard.press("Tab")
                assert page.evaluate(f"document.querySelectorAll('.scroll')[{number}] === document.activeElement")
            assert reached > 0
            assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_whoever_withdrew_is_erased_by_the_pending_erasures(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["erase", "--pending", str(home / "out"), "--consent", str(home / "consent.csv"), "--json"]
    words += ["--keys", str(home / "keys")]
    capsys.readouterr()
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out) == []
    coming = (
        (home / "consent.csv")
        .read_text()
        .replace("2024-01-01T00:00:00Z,\n", "2024-01-01T00:00:00Z,9999-01-01T00:00:00Z\n", 2)
    )
    (home / "consent.csv").write_text(coming)
    assert main(words) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == []
    assert "2 withdraw only later (withdrawn_at) and are not erased yet" in said.err
    write_registry(home, ("user-b",))
    assert main([*words, "--dry-run"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert main([word for word in (*words, "--dry-run") if word != "--json"]) == 0
    assert "\n1 person would be erased\n" in capsys.readouterr().out
    assert report(home, tmp_path / "page.html", capsys, "user-b")["releases"] != []
    assert main(words) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert report(home, tmp_path / "page.html", capsys, "user-b")["releases"] == []
    text = (tmp_path / "page.html").read_text()
    assert "You were erased. The releases that you were in stand below." in text
    assert ">made</td>" in text
    assert ">rows were taken out by an erasure</td>" in text
    assert ("Every later run leaves out whatever is recorded of you." in text, "Say that you withdraw" in text) == (
        True,
        False,
    )
    assert "what was changed at random" not in text
    assert report(home, tmp_path / "page.html", capsys, "user-a")["releases"] != []
    text = (tmp_path / "page.html").read_text()
    assert ("rows of somebody else were taken out" in text, "taken out by an erasure" in text) == (True, False)
    assert "Say that you withdraw" in text
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["erase", "--pending", "--consent", str(home / "consent.csv"), "--keys", str(home / "keys")]) == 2
