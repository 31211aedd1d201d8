"""Charges of runs, by the command line, on a small bundled recording."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.budget.account import LedgerAccount
from pipelines.budget.charge import ReleaseCharge, render_budget
from pipelines.budget.release_plan import plan_release
from pipelines.cli.main import main
from pipelines.config import load_config
from pipelines.state.private_state import PrivateState
from tests.support.release_parts import ALL_PARTS
from transforms.dataset.layout import release_layout
from transforms.dataset.manifest import BudgetStatement, verify_manifest
from transforms.keys.key_set import KeyReference, KeySet
from transforms.object_store.addresses import open_store
from transforms.privacy.composition import compose_user_cost
from transforms.privacy.ledger import Ledger, LedgerChain, Position, encode
from transforms.privacy.ledger_entries import Commit, Reservation

_EXAMPLES = Path(__file__).parents[3] / "examples"
_LOG = _EXAMPLES / "recordings" / "agentnet" / "display-settings"
LOOSER = "noise.epsilon=2"


class Home:
    """A key set, its private state, and runs with it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        assert main(["keys", "init", str(folder / "keys")]) == 0
        self.reference = KeyReference.parse(str(folder / "keys"))
        self.keys = KeySet.open(self.reference)
        self.account = LedgerAccount.of(PrivateState.of(self.reference, None))

    def run(self, output: str, *settings: str) -> tuple[int, Path]:
        named = {"--input": _LOG, "--consent": _EXAMPLES / "consent.csv", "--keys": self.folder / "keys"}
        words = [str(word) for pair in named.items() for word in pair] + ["--user", "demo-user", "--json"]
        words += [word for setting in ("noise.pointer=noise", *ALL_PARTS, *settings) for word in ("--set", setting)]
        self._capsys.readouterr()
        code = main(["run", "--output", str(self.folder / output), *words])
        shown = self._capsys.readouterr()
        self.says = shown.err
        self.result = json.loads(shown.out) if shown.out else {}
        return code, Path(self.result.get("release", ""))

    def kinds(self) -> list[tuple[str, str]]:
        return [(type(entry).__name__, entry.charge_id) for entry in self.account.ledger().entries]

    def budget(self, release: Path) -> BudgetStatement:
        manifest = release / "manifest.dsse.json"
        found = verify_manifest(manifest.read_bytes(), (self.keys.signing_public(),), str(manifest)).budget
        assert found is not None
        return found


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Home:
    return Home(tmp_path, capsys)


def test_a_release_is_one_charge_wherever_it_is_written_until_no_copy_is_left(home: Home) -> None:
    code, release = home.run("out", LOOSER)
    assert code == 0
    first = release.name
    once = [("Reservation", first), ("Commit", first)]
    assert home.kinds() == once

    budget = home.budget(release)
    assert (budget.charge_id, budget.entry, budget.unit) == (first, 1, "user")
    assert 0.6 < budget.epsilon <= 0.7  # admitted values and tables, at the delta of the whole release
    (reserved,) = (entry for entry in home.account.ledger().entries if isinstance(entry, Reservation))
    alone = compose_user_cost(reserved.charges).epsilon(budget.lifetime_delta)
    assert budget.spent_epsilon == pytest.approx(alone, rel=1e-9)  # nothing else was ever charged
    assert budget.not_counted == ("pointer positions", "scrolls")
    assert budget.loosened == ("noise.epsilon=2.0 (policy: 1.0)",)
    ledger, place = home.account.ledger(), Position(budget.ledger_id, budget.entry, budget.digest)
    assert LedgerChain.of(ledger, home.account.keys).confirms(place)
    assert any("not part of a user's budget" in line for line in home.result["budget"])
    assert "looser than the policy: noise.epsilon=2.0 (policy: 1.0)" in home.result["budget"]

    code, copy = home.run("second-place", LOOSER)
    assert code == 0
    assert home.kinds() == once
    assert home.result["repeated"]
    files = sorted(path.relative_to(release) for path in release.rglob("*") if path.is_file())
    assert all((copy / file).read_bytes() == (release / file).read_bytes() for file in files)

    # a crash between the manifest and the commit
    cut = Ledger(ledger.ledger_id, tuple(entry for entry in ledger.entries if isinstance(entry, Reservation)))
    home.account.store.update(lambda _: encode(cut, home.account.keys[0]))
    assert home.run("out", LOOSER)[0] == 0
    assert home.kinds() == once

    # the ledger lost the charge of a release that exists
    home.account.store.update(lambda _: encode(replace(cut, entries=()), home.account.keys[0]))
    assert home.run("out", "noise.pointer_grid_px=8")[0] == 3
    assert "older copy or another ledger" in home.says
    assert "where no later copy is left, enter its charge (docs/runbook.md, An old copy was put back)" in home.says
    assert home.run("out", LOOSER)[0] == 0
    assert home.kinds() == once

    # the run key is destroyed: drawing the release again is other noise, and another charge
    for output in ("out", "second-place"):
        shutil.rmtree(home.folder / output)
    code, again = home.run("out", LOOSER)
    assert code == 0
    assert home.kinds() == [*once, ("Reservation", f"{first}.2"), ("Commit", f"{first}.2")]
    assert home.budget(again).charge_id == f"{first}.2"


def test_a_run_beyond_the_lifetime_budget_is_refused_before_it_reads(home: Home) -> None:
    charge = ["ledger", "charge", "--keys", str(home.folder / "keys"), "--label", "model", "--delta", "1e-7"]
    assert main([*charge, "--epsilon", "7.9"]) == 0
    before = home.account.store.read()
    code, _ = home.run("out")
    assert code == 3
    assert "one user has spent epsilon 7.9 of noise.lifetime_epsilon=8" in home.says
    assert "a lifetime budget does not renew" in home.says
    assert home.says.count("\n") == 1
    assert home.account.store.read() == before
    assert not (home.folder / "out").exists()
    assert not (home.folder / "keyveil-state" / "run-keys").exists()


def test_an_event_pays_for_every_release_that_it_may_be_in_until_its_ceiling(home: Home) -> None:
    ceiling = (LOOSER, "noise.lifetime_event_epsilon=16")
    code, first = home.run("out", *ceiling)
    assert code == 0
    assert home.budget(first).event_epsilon == pytest.approx(8.0, abs=0.01)
    code, second = home.run("out", *ceiling, "noise.chunk_events=49")
    assert code == 0
    spent = home.budget(second).spent_event_epsilon
    assert spent is not None
    assert 10 < spent < 16
    before = home.account.store.read()
    assert home.run("out", *ceiling, "noise.chunk_events=48")[0] == 3
    assert "noise.lifetime_event_epsilon=16" in home.says
    assert home.says.count("\n") == 1
    assert home.account.store.read() == before
    assert home.run("out", *ceiling)[0] == 0, "a sealed release is found and costs nothing"


def test_a_damaged_ledger_stops_a_run_before_it_reads(home: Home) -> None:
    path = home.folder / "keyveil-state" / "ledger" / "ledger.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    code, _ = home.run("out", LOOSER)
    assert code == 4
    assert str(path) in home.says
    assert "restore it from its backup" in home.says
    assert not (home.folder / "out").exists()


@pytest.mark.parametrize(
    ("run_key", "sealed_as", "charge"),
    [
        ("derived", "a" * 32, "a" * 32),  # the same draw again
        ("derived", "b" * 32, "a" * 32 + ".2"),  # another release took the charge over: its draws are others
        ("ephemeral", "a" * 32, "a" * 32 + ".2"),
    ],
)
def test_a_charge_is_used_up_by_another_draw_than_that_of_the_release(
    home: Home, run_key: str, sealed_as: str, charge: str
) -> None:
    config = load_config(None, [f"noise.run_key={run_key}"], None)
    layout = release_layout(str(home.folder / "out"), "typing", "a" * 32)
    mine = ReleaseCharge(home.account, open_store(layout.home), layout, {"config": "c", "code": "d"}, config)
    planned = plan_release(config)
    first = mine.reserve(planned)
    assert first.charge_id == layout.release_id
    home.account.commit(Commit(layout.release_id, replace(layout, release_id=sealed_as).folder, "e" * 64, "then"))
    assert mine.reserve(planned).charge_id == charge


@pytest.mark.parametrize(("spent", "explained"), [(0.49, True), (0.5, False), (0.51, False)])
def test_a_sum_at_a_larger_delta_that_is_below_one_release_is_explained(spent: float, explained: bool) -> None:
    names = "ledger_id charge_id digest unit epsilon delta lifetime_epsilon lifetime_delta fits_epsilon".split()
    facts = dict(zip(names, ("a", "b", "c", "user", 0.5, 1e-7, 8.0, 1e-6, 7.0), strict=True))
    budget = BudgetStatement(entry=1, spent_epsilon=spent, not_counted=(), loosened=(), **facts)  # type: ignore[arg-type]
    assert ("less than of this release alone" in render_budget(budget)[1]) is explained
    assert "more releases fit" not in render_budget(budget)[1], "it was not counted"
    assert "; at these settings 3 more releases fit" in render_budget(replace(budget, fits_releases=3))[1]
    assert "; this release adds nothing to it" in render_budget(replace(budget, epsilon=0.0, fits_releases=3))[1]
