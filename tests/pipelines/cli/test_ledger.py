import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from dp_accounting import GaussianDpEvent, LaplaceDpEvent, PoissonSampledDpEvent
from dp_accounting.rdp import RdpAccountant

from pipelines.budget import reports
from pipelines.budget.account import LedgerAccount
from pipelines.cli.main import main
from pipelines.state.private_state import PrivateState
from pipelines.state.tombstones import ErasureRecords
from schemas.privacy import Gaussian, PrivacyUnit
from tests.support.release_parts import ALL_PARTS_OPTIONS
from transforms.keys.key_set import KeyReference
from transforms.privacy.accountant import epsilon_of
from transforms.privacy.budget import Budget
from transforms.privacy.ledger import position
from transforms.privacy.ledger_changes import Tombstone
from transforms.privacy.ledger_entries import Commit, Reservation


class Ledger:
    """``keyveil ledger`` with a key set of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        assert main(["keys", "init", str(folder / "keys")]) == 0

    def __call__(self, action: str, *words: str, as_json: bool = True) -> tuple[int, Any]:
        self._capsys.readouterr()
        code = main(["ledger", action, "--keys", str(self.folder / "keys"), *words, *(["--json"] if as_json else [])])
        shown = self._capsys.readouterr()
        self.says, self.prints = shown.err, shown.out
        return code, json.loads(shown.out) if shown.out and as_json else {}

    def history(self, *rows: tuple[float, float, int]) -> str:
        path = self.folder / "history.json"
        path.write_text(json.dumps(rows))
        return str(path)


EVENTS = ("--set", "noise.pointer=noise")
"""One row an event: positions and scrolls are then charged."""


@pytest.fixture
def ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ledger:
    return Ledger(tmp_path, capsys)


def test_a_new_key_set_has_spent_nothing(ledger: Ledger) -> None:
    code, view = ledger("show")
    assert code == 0
    assert (view["charges"], view["length"], view["verified"]) == ([], 0, True)
    assert view["spent"] == {"user": 0.0, "user-day": 0.0}
    assert (view["lifetime_epsilon"], view["delta"], view["renews"]) == (8.0, 1e-6, False)
    assert not (ledger.folder / "keyveil-state").exists()


def test_a_plan_says_what_every_quantity_costs_and_how_far_off_it_will_be(ledger: Ledger) -> None:
    code, view = ledger("plan", *EVENTS, "--set", "noise.timing=noise", "--set", "noise.epsilon=2")
    assert code == 0
    assert all(item["expected_error"] and item["epsilon"] > 0 for item in view["quantities"])
    events = [item for item in view["quantities"] if item["unit"] == PrivacyUnit.EVENT]
    assert [item["label"] for item in events] == ["pointer positions", "scrolls", "times"]
    assert all(not item["counts_for_users"] and item["epsilon"] <= 8.0 for item in events)
    assert "noise.epsilon=2.0 (policy: 1.0)" in view["loosened"]
    assert "noise.timing=noise (policy: synthesize)" in view["loosened"]
    assert view["after"]["spent"]["user"] >= view["before"]["spent"]["user"] == 0.0


def test_a_plan_says_what_one_event_would_pay_and_refuses_beyond_its_ceiling(ledger: Ledger) -> None:
    code, view = ledger("plan", *EVENTS)
    assert code == 0
    assert view["before"]["events"] == {"spent": 0.0, "delta": 1e-9, "lifetime_epsilon": 64.0}
    assert 7.0 < view["after"]["events"]["spent"] < 8.0, "the delta of the lifetime is larger than that of one release"
    code, view = ledger("plan", *EVENTS, "--set", "noise.lifetime_event_epsilon=7")
    assert code == 3
    assert "noise.lifetime_event_epsilon=7" in view["refused"]
    code, view = ledger("show")
    assert view["events"]["spent"] == 0.0


def test_a_plan_says_what_is_left_for_so_many_people_and_weeks(ledger: Ledger) -> None:
    assert ledger("plan")[1]["forecast"] is None
    assert ledger("charge", "--epsilon", "7.9", "--delta", "1e-7", "--label", "m")[0] == 0
    code, view = ledger("plan", *ALL_PARTS_OPTIONS, "--people", "3000", "--weeks", "52")
    assert (code, view["forecast"]["releases_fit"], view["forecast"]["weeks"]) == (3, None, 52)
    assert ledger("plan", *ALL_PARTS_OPTIONS, "--people", "3000", "--weeks", "52", as_json=False)[0] == 3
    assert "naming: false" in ledger.prints
    assert ledger("plan", "--people", "3000")[0] == 2
    assert "go together" in ledger.says


def test_a_plan_that_would_be_refused_says_so_and_ends_with_3(ledger: Ledger) -> None:
    code, view = ledger("plan", *ALL_PARTS_OPTIONS, "--set", "noise.epsilon=0.05")
    assert code == 3
    assert "noise.epsilon is 0.05" in view["refused"]
    assert ledger.says == f"keyveil: {view['refused']}\n"


def test_a_plan_for_user_days_names_its_days(ledger: Ledger) -> None:
    unit = (*ALL_PARTS_OPTIONS, "--set", "noise.privacy_unit=user-day")
    code, _ = ledger("plan", *unit)
    assert code == 2
    assert "noise.first_day" in ledger.says
    days = ("--set", "noise.first_day=2026-11-16", "--set", "noise.last_day=2026-11-16")
    code, view = ledger("plan", *unit, *days)
    assert code == 0
    assert view["release"]["unit"] == "user-day"
    assert view["after"]["spent"]["user"] == view["after"]["spent"]["user-day"] > 0
    code, _ = ledger("plan", *days)
    assert code == 2


def test_training_is_charged_by_its_history_once_for_its_label(ledger: Ledger) -> None:
    words = ("--epsilon", "3", "--delta", "1e-7", "--label", "model 1", "--history")
    code, first = ledger("charge", *words, ledger.history((1.1, 0.01, 500), (1.2, 0.01, 500)))
    assert code == 0
    steps = [Gaussian(1.1, 500, 0.01), Gaussian(1.2, 500, 0.01)]
    assert first["quantities"][0]["epsilon"] == pytest.approx(epsilon_of(steps, 1e-7))
    code, again = ledger("charge", *words, ledger.history((1.1, 0.01, 500), (1.2, 0.01, 500)))
    assert (code, again["spent"]) == (0, first["spent"])
    code, _ = ledger("charge", *words, ledger.history((1.1, 0.01, 400)))
    assert code == 4
    assert "another label" in ledger.says
    code, view = ledger("show")
    assert [item["charge_id"] for item in view["charges"]] == ["training/model 1"]
    assert view["spent"] == first["spent"]


def test_training_without_a_history_is_charged_what_it_states(ledger: Ledger) -> None:
    code, view = ledger("charge", "--epsilon", "2", "--delta", "1e-7", "--label", "m")
    assert code == 0
    assert view["quantities"][0]["epsilon"] == pytest.approx(2.0)
    assert view["spent"]["user"] == pytest.approx(2.0)


def test_training_beyond_the_lifetime_budget_is_refused_with_what_fits(ledger: Ledger) -> None:
    assert ledger("charge", "--epsilon", "6", "--delta", "1e-7", "--label", "a")[0] == 0
    code, _ = ledger("charge", "--epsilon", "6", "--delta", "1e-7", "--label", "b")
    assert code == 3
    assert "will not fit on any later day" in ledger.says
    assert "--epsilon 2 fits" in ledger.says  # pure steps alone add up to the whole budget
    assert ledger.says.count("\n") == 1
    assert len(ledger("show")[1]["charges"]) == 1
    code, _ = ledger(
        "charge", "--epsilon", "6", "--delta", "1e-7", "--label", "b", "--set", "noise.lifetime_epsilon=20"
    )
    assert code == 0


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([(1.1, 0.01, 100_000)], "more than --epsilon"),
        ([], "no step"),
        ([(float("nan"), 0.01, 10)], "account refuses"),
        ([(1.0, float("nan"), 10)], "account refuses"),
        ([(-1.0, 0.01, 10)], "account refuses"),
        ([(1.0, 1.5, 10)], "account refuses"),
        ([(1.0, 0.01, 0)], "account refuses"),
        ([(1.0, 0.01)], "cannot be read"),
    ],
)
def test_a_history_that_is_none_is_refused_and_charges_nothing(rows: Any, says: str, ledger: Ledger) -> None:
    words = ("--epsilon", "2", "--delta", "1e-7", "--label", "m", "--history", ledger.history(*rows))
    code, _ = ledger("charge", *words)
    assert code == 2
    assert says in ledger.says
    assert ledger("show")[1]["charges"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("--epsilon", "nan", "--delta", "1e-7"),
        ("--epsilon", "1", "--delta", "1"),
        ("--epsilon", "-1", "--delta", "1e-7"),
    ],
)
def test_a_stated_cost_that_is_none_is_refused(words: tuple[str, ...], ledger: Ledger) -> None:
    assert ledger("charge", *words, "--label", "m")[0] == 2


def request(ledger: Ledger, *words: str, name: str = "request.json") -> Path:
    path = ledger.folder / name
    path.unlink(missing_ok=True)
    assert main(["ledger", "request", *words, "-o", str(path)]) == 0
    return path


def test_a_request_states_at_least_what_its_history_costs(ledger: Ledger) -> None:
    steps = [Gaussian(1.1, 500, 0.01)]
    cost, path = epsilon_of(steps, 1e-7), ledger.folder / "r.json"
    words = ["--label", "m", "--delta", "1e-7", "--history", ledger.history((1.1, 0.01, 500)), "-o", str(path)]
    assert main(["ledger", "request", "--epsilon", str(cost * 0.999), *words]) == 2
    assert not path.exists()
    assert main(["ledger", "request", "--epsilon", str(cost), *words]) == 0


def test_the_request_of_the_page_is_granted(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[3] / "docs" / "privacy-budget.md").read_text(encoding="utf-8")
    commands = [shlex.split(line) for line in page.splitlines() if line.startswith("keyveil ledger ")]
    (asked,) = [words[1:] for words in commands if words[2] == "request"]
    (history,) = re.findall(r"`(\[\[.*\]\])`", page)
    monkeypatch.chdir(ledger.folder)
    Path("history.json").write_text(history, encoding="utf-8")
    assert main(asked) == 0
    code, view = ledger("grant", "request.json", "-o", "grant.json")
    assert code == 0
    assert f"cost {view['quantities'][0]['epsilon']:.4g} at 1e-5 and {view['spent']['user']:.4g} at 1e-6" in page


def granted(ledger: Ledger, grant: Path, asked: Path, keys: Path | None = None) -> int:
    public = keys or ledger.folder / "keys" / "signing.public.pem"
    return main(["ledger", "granted", str(grant), "--request", str(asked), "--keys", str(public)])


@pytest.mark.parametrize("stated", [True, False])
def test_a_training_is_granted_without_any_secret_changing_hands(
    stated: bool, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    history = () if stated else ("--history", ledger.history((1.1, 0.01, 500)))
    asked = request(ledger, "--label", "m", "--epsilon", "3", "--delta", "1e-7", *history)
    grant = ledger.folder / "grant.json"
    with monkeypatch.context() as earlier:
        earlier.setattr(reports, "now", lambda: "2026-01-31T23:59:59Z")
        code, view = ledger("grant", str(asked), "-o", str(grant))
    assert (code, view["charge_id"], view["at"]) == (0, "training/m", "2026-01-31T23:59:59Z")
    assert [item["charge_id"] for item in ledger("show")[1]["charges"]] == ["training/m"]
    capsys.readouterr()
    assert granted(ledger, grant, asked) == 0
    assert (
        "the guarantee: (3, 1e-07)-differential privacy for one user, all of whose sessions" in capsys.readouterr().out
    )
    again = ledger.folder / "again.json"
    assert ledger("grant", str(asked), "-o", str(again))[0] == 0
    assert again.read_bytes() == grant.read_bytes()  # the day of the charge, however late it is signed again
    assert len(ledger("show")[1]["charges"]) == 1


def test_a_grant_holds_for_the_very_request_alone(ledger: Ledger, tmp_path: Path) -> None:
    words = ("--label", "m", "--epsilon", "3", "--delta", "1e-7")
    asked, grant = request(ledger, *words), ledger.folder / "grant.json"
    assert ledger("grant", str(asked), "-o", str(grant))[0] == 0
    other = request(ledger, "--label", "m", "--epsilon", "3.1", "--delta", "1e-7", name="other.json")
    assert granted(ledger, grant, other) == 3
    assert main(["keys", "init", str(tmp_path / "foreign")]) == 0
    assert granted(ledger, grant, asked, tmp_path / "foreign" / "signing.public.pem") == 3
    grant.write_bytes(grant.read_bytes().replace(b"ey", b"eZ", 1))
    assert granted(ledger, grant, asked) == 4


def test_a_request_beyond_the_budget_is_refused_with_what_fits(ledger: Ledger) -> None:
    asked, grant = request(ledger, "--label", "b", "--epsilon", "9", "--delta", "1e-7"), ledger.folder / "grant.json"
    assert ledger("grant", str(asked), "-o", str(grant))[0] == 3
    assert "--epsilon 8 fits" in ledger.says
    assert not grant.exists()
    assert ledger("show")[1]["charges"] == []


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"form": "keyveil/training-request/1", "label": "m"}'])
def test_a_file_that_is_no_request_is_refused(text: str, ledger: Ledger) -> None:
    path = ledger.folder / "request.json"
    path.write_text(text)
    assert ledger("grant", str(path), "-o", str(ledger.folder / "grant.json"))[0] == 2
    assert "keyveil ledger request" in ledger.says


def test_a_request_whose_history_was_emptied_gets_no_free_grant(ledger: Ledger) -> None:
    history = ("--history", ledger.history((1.1, 0.01, 500)))
    asked = request(ledger, "--label", "m", "--epsilon", "3", "--delta", "1e-7", *history)
    asked.write_text(json.dumps(json.loads(asked.read_text()) | {"history": []}))
    grant = ledger.folder / "grant.json"
    assert ledger("grant", str(asked), "-o", str(grant))[0] == 2
    assert "holds no step" in ledger.says
    assert not grant.exists()
    assert ledger("show")[1]["charges"] == []


@pytest.mark.parametrize("delta", ["0", "1", "nan", "-1e-9"])
def test_a_request_with_another_delta_is_refused(delta: str, ledger: Ledger) -> None:
    words = ["--label", "m", "--epsilon", "1", f"--delta={delta}", "-o", str(ledger.folder / "r.json")]
    assert main(["ledger", "request", *words]) == 2


def test_a_damaged_ledger_is_not_shown(ledger: Ledger) -> None:
    ledger("charge", "--epsilon", "2", "--delta", "1e-7", "--label", "m")
    path = ledger.folder / "keyveil-state" / "ledger" / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b"2.0", b"1.0"))
    code, _ = ledger("show")
    assert code == 4
    assert str(path) in ledger.says


def test_every_answer_reads_as_text_too(ledger: Ledger) -> None:
    ledger("show", as_json=False)
    assert ("pass it with --state" in ledger.prints, "every one verified" in ledger.prints) == (True, False)
    ledger("charge", "--epsilon", "2", "--delta", "1e-7", "--label", "m", as_json=False)
    assert "does not renew" in ledger.prints
    ledger("show", as_json=False)
    assert "1 entry, every one verified" in ledger.prints
    assert "training/m" in ledger.prints
    ledger("plan", *EVENTS, "--set", "noise.run_key=derived", as_json=False)
    assert "pointer positions" in ledger.prints
    assert "looser than the policy: noise.run_key=derived" in ledger.prints


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "at the default settings (--config FILE: at yours) 107 more releases fit, 107 weeks"),
        (("--set", "aggregates.people=300"), "at these settings a release costs no user anything"),
        (ALL_PARTS_OPTIONS, "at these settings 107 more releases fit, 107 weeks"),
        (
            (*ALL_PARTS_OPTIONS, "--set", "schedule.window_days=14"),
            "at these settings 107 more releases fit, 214 weeks",
        ),
    ],
)
def test_the_rest_of_the_budget_is_shown_with_its_settings(words: tuple[str, ...], says: str, ledger: Ledger) -> None:
    assert ledger("show", *words, as_json=False)[0] == 0
    assert says in " ".join(ledger.prints.split())


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, pipelines.cli.main; sys.exit('torch' in sys.modules or 'apache_beam' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_training_is_charged_and_never_sealed_and_a_free_release_spends_nothing(ledger: Ledger) -> None:
    ledger("charge", "--epsilon", "2", "--delta", "1e-7", "--label", "m")
    day = ledger("show")[1]["charges"][0]["at"][:10]
    account = LedgerAccount.of(PrivateState.of(KeyReference.parse(str(ledger.folder / "keys")), None))
    budget = Budget(PrivacyUnit.USER, 1.0, 1e-7, 8.0, 1e-6)
    account.reserve(Reservation("a" * 8, "training", "c", "d", budget, (), "2026-11-29T00:00:00Z"))
    account.reserve(Reservation("b" * 8, "demo", "c", "d", budget, (), "2026-11-29T00:00:00Z"))
    account.commit(Commit("b" * 8, "/data/demo/releases/b", "e", "2026-11-29T00:00:00Z"))
    states = [(item["state"], item["sealed"]) for item in ledger("show")[1]["charges"]]
    assert states == [("charged", None), ("reserved", None), ("sealed", "/data/demo/releases/b")]
    ledger("show", as_json=False)
    assert f"training, charged on {day}" in ledger.prints
    assert "training, reserved" in ledger.prints, "a dataset may be called so"
    assert "demo, sealed in /data/demo/releases/b" in ledger.prints
    assert "aaaaaaaa    nothing       nothing  2026-11-29T00:00:00Z" in ledger.prints


def test_a_new_key_set_says_that_nothing_was_spent(ledger: Ledger) -> None:
    ledger("show", as_json=False)
    assert "spent     nothing of epsilon 8 at delta 1e-06 for one user, nothing for one\n" in ledger.prints
    assert "nothing of epsilon 64 at delta 1e-09 for one event" in " ".join(ledger.prints.split())


def test_what_all_charges_cost_follows_from_the_steps_that_are_shown(ledger: Ledger) -> None:
    history = ledger.history((1.1, 0.01, 500), (3.0, 0.2, 75))
    ledger("charge", "--epsilon", "4", "--delta", "1e-5", "--label", "a", "--history", history)
    ledger("charge", "--epsilon", "0.5", "--delta", "1e-8", "--label", "b")
    code, view = ledger("show")
    listed = [part for charge in view["charges"] for part in charge["quantities"] if part["counts_for_users"]]
    account = RdpAccountant([1 + order / 10 for order in range(1, 100)] + [*range(11, 257)])
    for step in (step for part in listed for step in part["steps"]):
        if "epsilon" in step:
            account.compose(LaplaceDpEvent(1 / step["epsilon"]), step["times"])
        else:
            event = PoissonSampledDpEvent(step["sample_rate"], GaussianDpEvent(step["noise_multiplier"]))
            account.compose(event, step["times"])
    left = view["delta"] - sum(part["delta_beside_steps"] for part in listed)
    assert (code, view["spent"]["user"]) == (0, pytest.approx(account.get_epsilon(left), rel=0.05))


@pytest.mark.parametrize("action", ["show", "plan", "charge"])
def test_a_ledger_that_lost_an_erasure_is_neither_shown_nor_charged(action: str, ledger: Ledger) -> None:
    ledger("charge", "--epsilon", "2", "--delta", "1e-7", "--label", "m")
    private = PrivateState.of(KeyReference.parse(str(ledger.folder / "keys")), str(ledger.folder / "keyveil-state"))
    account, records = LedgerAccount.of(private), ErasureRecords.of(private)
    name = records.begin("somebody", ())
    account.enter(Tombstone(name, "2026-11-30T00:00:00Z"))
    records.anchor(name, position(account.ledger(), account.keys[0]))
    path = ledger.folder / "keyveil-state" / "ledger" / "ledger.jsonl"
    more = ("--epsilon", "1", "--delta", "1e-7", "--label", "n") if action == "charge" else ()
    assert ledger(action, *more)[0] == 0
    path.unlink()
    assert ledger(action, *more)[0] == 4
    assert "is older than the erasures in" in ledger.says
    assert not path.exists()


def test_a_ledger_without_an_entry_is_not_called_verified(ledger: Ledger) -> None:
    ledger("show", as_json=False)
    assert "no entry: nothing was run with this private state, or its ledger was removed" in ledger.prints
    ledger("charge", "--epsilon", "2", "--delta", "1e-7", "--label", "m")
    ledger("show", as_json=False)
    assert "1 entry, every one verified" in ledger.prints
