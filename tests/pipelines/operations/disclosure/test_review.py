"""``keyveil review`` sets what was agreed beside what is there, and says which lines differ."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipelines.cli.main import main
from pipelines.config import load_record
from pipelines.operations.disclosure.review import Comparison, Evidence, Spending, compare, render_review
from pipelines.operations.key_exports import KeyExport
from pipelines.operations.verify import VerifyReport
from tests.dataset.test_manifest import BUDGET as LOOSENED
from tests.dataset.test_manifest import MANIFEST
from tests.support.basis import WORDS
from tests.support.browser import list_violations
from transforms.dataset.manifest import BasisRecord
from transforms.dataset.verify.dataset import Defect
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import CheckOutcome, Finding, Verdict

_EXAMPLES = Path(__file__).parents[4] / "examples"
_POLICY = load_record(BucketPolicy, Path(__file__).parents[3] / "preflight" / "policy.yaml")
_DAY = date(2026, 11, 30)
_BASIS = BasisRecord("consent", "DPIA-12", "WA-7", None, "officer", "2026-11-01", "privacy@example.com")
_BUDGET = replace(LOOSENED, loosened=())
_RELEASE = replace(MANIFEST, basis=_BASIS, budget=_BUDGET)
_EXPORT = KeyExport("reader", "ML team", "2026-01-01", "2026-11-30", None, "k0")
_FINDING = Finding("readers", "only the agreed readers", CheckOutcome.PASSED, "ana", "ana", "why", "remedy")


def evidence(
    *findings: Finding,
    release: object = _RELEASE,
    sealed: date = date(2026, 11, 1),
    export: KeyExport = _EXPORT,
    faults: tuple[Defect, ...] = (),
    spent: float = 3.1384,
) -> Evidence:
    return Evidence(
        day=_DAY,
        verdict=Verdict("gs://b", datetime(2026, 11, 30, tzinfo=UTC), findings or (_FINDING,)),
        verified=VerifyReport(faults, (MANIFEST.release_id,), 1, 1, 3, True, 0, 0, 1, 0, (), None),
        manifests=[_RELEASE, release],  # type: ignore[list-item]
        sealed_on={MANIFEST.release_id: sealed},
        approved_by={MANIFEST.release_id: ["officer"]},
        exports=[export],
        spending=Spending(_BUDGET.ledger_id, {_BUDGET.lifetime_delta: spent}, ["m1 on 2026-11-29"]),
    )


def differing(found: Evidence, policy: BucketPolicy | None = _POLICY) -> list[str]:
    return [item.what for item in compare(found, policy) if item.agrees is False]


def test_a_place_as_it_was_agreed_differs_nowhere() -> None:
    assert differing(evidence()) == []
    assert all(item.agrees for item in compare(evidence(), _POLICY))


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (evidence(faults=(Defect("a", "b"),)), "Signatures, files and rows"),
        (evidence(release=replace(_RELEASE, consent_mode="evaluation")), "People in it"),
        (evidence(release=replace(_RELEASE, encryption="none")), "Encryption"),
        (evidence(release=replace(_RELEASE, basis=None)), "Why it is allowed"),
        (evidence(release=replace(_RELEASE, basis=replace(_BASIS, ground=""))), "Why it is allowed"),
        (evidence(release=replace(_RELEASE, basis=replace(_BASIS, expires="2026-10-31"))), "Why it is allowed"),
        (evidence(release=replace(_RELEASE, budget=replace(_BUDGET, loosened=("x",)))), "Settings of privacy"),
        (evidence(replace(_FINDING, outcome=CheckOutcome.FAILED)), "only the agreed readers"),
        (evidence(replace(_FINDING, outcome=CheckOutcome.ADVISED)), "only the agreed readers"),
    ],
)
def test_each_thing_that_is_not_as_agreed_differs_alone(changed: Evidence, what: str) -> None:
    assert differing(changed) == [what]


@pytest.mark.parametrize(
    ("spent", "agrees"), [(_BUDGET.lifetime_epsilon, True), (_BUDGET.lifetime_epsilon + 0.1, False)]
)
def test_the_budget_is_compared_with_what_the_ledger_says_and_else_with_the_last_release(
    spent: float, agrees: bool
) -> None:
    assert (differing(evidence(spent=spent)) == []) is agrees
    later = replace(_RELEASE, budget=replace(_BUDGET, entry=_BUDGET.entry + 1, spent_epsilon=spent))
    assert differing(evidence(release=later)) == [], "the ledger knows better"
    assert (differing(replace(evidence(release=later), spending=None)) == []) is agrees
    earlier = replace(_RELEASE, budget=replace(_BUDGET, entry=_BUDGET.entry - 1, spent_epsilon=spent))
    assert differing(replace(evidence(release=earlier), spending=None)) == []


def budget_line(found: Evidence) -> tuple[str, bool | None]:
    (line,) = [item for item in compare(found, _POLICY) if item.what == "Privacy budget of one user"]
    return line.observed, line.agrees


def test_trainings_are_listed_and_what_a_manifest_cannot_know_is_left_to_a_person() -> None:
    found = evidence()
    assert budget_line(found) == ("epsilon 3.138 spent by the ledger; trainings: m1 on 2026-11-29", True)
    nothing = replace(found, spending=Spending(_BUDGET.ledger_id, {_BUDGET.lifetime_delta: 0.0}, []))
    assert budget_line(nothing) == ("nothing spent by the ledger; trainings: none", True)
    stated = "epsilon 2.5 spent when the last release was charged; of later charges the ledger knows", None
    assert budget_line(replace(found, spending=None)) == stated
    other = replace(found, spending=Spending("of another", {_BUDGET.lifetime_delta: 9.0}, []))
    assert budget_line(other) == stated


def test_what_a_manifest_says_of_people_is_told_from_whose_rows_lie_there() -> None:
    (line,) = (item for item in compare(evidence(), _POLICY) if item.what == "People in it")
    assert line.observed == "2 of 2 releases state it; whose rows they hold, keyveil verify --consent tells"


def test_the_last_day_of_the_oldest_release_is_named() -> None:
    (line,) = (item for item in compare(evidence(), _POLICY) if item.what == "How long it is kept")
    last = date(2026, 11, 1).fromordinal(date(2026, 11, 1).toordinal() + _POLICY.retention_days)
    assert line.observed.endswith(f"and may stay until {last}")


@pytest.mark.parametrize(("days", "agrees"), [(0, True), (1, False)])
def test_releases_are_kept_as_long_as_was_agreed(days: int, agrees: bool) -> None:
    sealed = date.fromordinal(_DAY.toordinal() - _POLICY.retention_days - days)
    basis = replace(_BASIS, expires=None)
    old = replace(evidence(sealed=sealed), manifests=[replace(_RELEASE, basis=basis)])
    assert differing(old) == ([] if agrees else ["How long it is kept"])
    assert differing(old, None) == []
    stated = replace(old, manifests=[replace(_RELEASE, basis=replace(basis, releases_days=_POLICY.retention_days))])
    assert differing(stated, None) == ([] if agrees else ["How long it is kept"])
    assert differing(replace(stated, sealed_on={}), None) == []


def test_the_shortest_time_that_releases_state_counts_where_no_agreement_is_passed() -> None:
    found = evidence(release=replace(_RELEASE, basis=replace(_BASIS, releases_days=30)))
    longer = replace(found, manifests=[replace(_RELEASE, basis=replace(_BASIS, releases_days=40)), *found.manifests])
    kept = {item.agreed: item.agrees for item in compare(longer, None) if item.what == "How long it is kept"}
    assert kept == {"30 days, as the releases state (basis.releases_days)": True}


@pytest.mark.parametrize(
    ("end", "key", "agrees"),
    [("2026-11-30", "k0", True), ("2026-11-29", "k0", False), ("2026-11-29", "older", True), (None, "k0", None)],
)
def test_keys_are_compared_with_their_last_day(end: str | None, key: str, agrees: bool | None) -> None:
    (found,) = [
        item
        for item in compare(evidence(export=replace(_EXPORT, end=end, data_key=key)), _POLICY)
        if item.what.startswith("Keys of ML team")
    ]
    assert found.agrees is agrees


def test_what_takes_a_person_is_marked_so() -> None:
    waived = replace(_FINDING, outcome=CheckOutcome.WAIVED, waiver="until 2027-01-01: moving")
    without_ledger = replace(evidence(waived), sealed_on={}, approved_by=None, exports=None, spending=None)
    judged = [item for item in compare(without_ledger, _POLICY) if item.agrees is None]
    assert [(item.what, item.observed) for item in judged] == [
        ("Approved, after a look at it", "unknown: the ledger says it, which takes the key set (--keys)"),
        (
            "Privacy budget of one user",
            "epsilon 2.5 spent when the last release was charged; of later charges the ledger knows",
        ),
        ("How long it is kept", "unknown: of the day of a release the ledger knows, which takes the key set (--keys)"),
        ("only the agreed readers", "ana (accepted: until 2027-01-01: moving)"),
    ]
    page = render_review("gs://b", without_ledger, compare(without_ledger, _POLICY)).decode()
    assert "pass it with --keys" in page


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0

    def run(*words: str) -> Path:
        log = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
        places = ["--keys", str(tmp_path / "keys"), "--output", str(tmp_path / "out")]
        consent = ["--consent", str(_EXAMPLES / "consent.csv"), "--set", "redact.profile=fast"]
        assert main(["run", "--input", str(log), *consent, *places, *words]) == 0
        return tmp_path

    return run


def test_a_review_of_a_folder_is_a_page_and_an_answer(
    made: Callable[..., Path], browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    home = made(*WORDS, "--set", "noise.model=prior")
    words = ["review", str(home / "out"), "--keys", str(home / "keys"), "-o", str(home / "page.html")]
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    told = [Comparison(**item) for item in json.loads(capsys.readouterr().out)]
    judged = ["Approved, after a look at it", "How long it is kept"]
    assert [item.what for item in told if item.agrees is None] == judged
    assert list_violations(browser, home / "page.html", viewport={"width": 360, "height": 800}) == []
    page = (home / "page.html").read_text()
    assert "0 of" in page
    charge = ["ledger", "charge", "--keys", str(home / "keys"), "--label", "m 1", "--epsilon", "3", "--delta", "1e-7"]
    assert main(charge) == 0
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    (budget,) = [item for item in json.loads(capsys.readouterr().out) if item["what"].startswith("Privacy budget")]
    assert re.fullmatch(r"epsilon 3\.\d+ spent by the ledger; trainings: m 1 on \d{4}-\d\d-\d\d", budget["observed"])
    assert main([*words[:3], str(home / "keys" / "signing.public.pem"), *words[4:], "--json"]) == 0
    told = {item["what"]: item for item in json.loads(capsys.readouterr().out)}
    assert told["Privacy budget of one user"]["agrees"] is told["Approved, after a look at it"]["agrees"] is None
    assert "DPIA-12" in page
    (home / "out").chmod(0o755)
    assert main(words) == 4
    assert "nobody else can look into the folder: agreed mode 0700, there mode 0755" in capsys.readouterr().err


def test_a_policy_of_another_bucket_and_a_place_without_releases_are_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    (tmp_path / "out").mkdir()
    words = ["--keys", str(tmp_path / "keys"), "-o", str(tmp_path / "page.html")]
    assert main(["review", str(tmp_path / "out"), *words]) == 2
    policy = str(Path(__file__).parents[3] / "preflight" / "policy.yaml")
    assert main(["review", "gs://another-bucket", "--policy", policy, *words]) == 2
    assert "another bucket" in capsys.readouterr().err
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize(
    ("key", "agrees", "says"),
    [("k0", False, "still sealed under that key"), ("k1", None, "1 release sealed under it remain open: erase or")],
)
def test_after_a_rotation_what_an_ended_export_still_opens_is_left_to_a_person(
    key: str, agrees: bool | None, says: str
) -> None:
    found = evidence(export=replace(_EXPORT, end="2026-11-29"))
    later = replace(_RELEASE, release_id="later", data_key=key)
    sealed = {**found.sealed_on, "later": date(2026, 11, 29)}
    rotated = replace(found, manifests=[replace(_RELEASE, data_key="k0"), later], sealed_on=sealed)
    (line,) = [item for item in compare(rotated, _POLICY) if item.what.startswith("Keys of")]
    assert (line.agrees, says in line.observed) == (agrees, True)
