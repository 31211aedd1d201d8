"""A learned model as a signed record: what it claims, who may use it, and that using it is a release like any other."""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from pipelines.cli.main import main
from pipelines.state.model_record import ModelRecord, make_record, read_record, write_record
from schemas.errors import FailedError, RefusedError
from tests.support.false_alarms import bound_other_model
from transforms.keys.key_set import KeyReference, KeySet, create_key_set
from transforms.noise.plan import plan
from transforms.noise.population.contribution import FULL
from transforms.noise.population.learn import aggregate_of
from transforms.noise.population.quantities import CELLS, FIRST_CELL, Quantity
from transforms.noise.settings import NoiseSettings
from transforms.noise.statements import statements

_EXAMPLES = Path(__file__).parents[3] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_PLAN = plan(NoiseSettings(model="learn"))
_USERS = 5000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    for name in ("keys", "foreign"):
        create_key_set(home / name)
    return home


@pytest.fixture(scope="module")
def keys(folder: Path) -> KeySet:
    return KeySet.open(KeyReference.parse(str(folder / "keys")))


def _record() -> ModelRecord:
    """A population that takes 200 ms to a letter."""
    values = np.zeros(len(CELLS), dtype=np.int64)
    values[FIRST_CELL[Quantity.INTERVAL_LETTER] + 10] = _USERS * FULL
    return make_record("r" * 32, _PLAN, aggregate_of(values.tolist()))


def test_a_record_comes_back_and_claims_what_the_plan_spends(folder: Path, keys: KeySet) -> None:
    record = _record()
    write_record(record, str(folder / "model"), keys.signing_private())
    found = read_record(str(folder / "model"), keys.signing_public())
    assert found.claim == record.claim
    assert found.digest == record.digest
    assert found.aggregate.table.equals(record.aggregate.table)
    assert set(found.model.learned) == {Quantity.INTERVAL_LETTER}
    claim = found.claim
    assert (claim.learned, claim.epsilon, claim.delta) == (("interval_letter",), 0.5, 3e-8)
    # replacing is two steps of adding and removing, at less than twice the epsilon
    assert claim.epsilon < claim.replaced_epsilon < 2 * claim.epsilon
    timing, *_ = statements(_PLAN, claim)
    assert (timing.epsilon, timing.delta) == (0.5, 3e-8)
    assert "17 of 18 quantities fewer than about 1,000 units" in timing.mechanism
    assert timing.privacy_unit.startswith("one user:")


def test_a_record_of_others_an_altered_one_and_none_are_refused(folder: Path, keys: KeySet) -> None:
    write_record(_record(), str(folder / "own"), keys.signing_private())
    foreign = KeySet.open(KeyReference.parse(str(folder / "foreign")))
    with pytest.raises(FailedError, match="altered or signed by another key"):
        read_record(str(folder / "own"), foreign.signing_public())
    (folder / "altered").write_bytes((folder / "own").read_bytes().replace(b"payload", b"payl0ad", 1))
    with pytest.raises(FailedError, match="altered"):
        read_record(str(folder / "altered"), keys.signing_public())
    with pytest.raises(RefusedError, match=r"noise\.model"):
        read_record(str(folder / "missing"), keys.signing_public())


def _run(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> dict[str, object]:
    settings = ("--set", "store.encryption=none", "--set", "noise.run_key=derived")
    common = ("--input", str(_LOG), "--consent", str(_EXAMPLES / "consent.csv"), "--keys", str(folder / "keys"))
    assert main(["run", *common, *settings, "--output", str(folder / "out"), *words, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def _spent(release: dict[str, object]) -> str:
    noise = release["noise"]
    assert isinstance(noise, Sequence)
    return str(noise[0])


def test_a_run_learns_its_model_and_a_later_one_uses_it(
    folder: Path, keys: KeySet, capsys: pytest.CaptureFixture[str]
) -> None:
    # of four people no quantity is learned but by noise: at 2,000 units with probability 1e-15 at most (2e-5 at 1,000)
    learning = plan(NoiseSettings(model="learn", min_units=2_000)).learning
    assert learning is not None
    assert bound_other_model(learning, dict.fromkeys(Quantity, 4 * FULL)) < 1e-15
    first = _run(capsys, folder, "--set", "noise.model=learn", "--set", "noise.min_units=2000")
    assert "epsilon 0.5" in _spent(first)
    learned = folder / "keyveil-state" / "models" / f"{first['release_id']}.dsse.json"
    record = read_record(str(learned), keys.signing_public())
    assert record.claim.release_id == first["release_id"]
    assert record.claim.learned == ()  # a handful of people: the prior, decided by the noisy count
    write_record(_record(), str(folder / "model"), keys.signing_private())
    second = _run(capsys, folder, "--set", f"noise.model={folder / 'model'}")
    assert second["release_id"] != first["release_id"]
    events = [pq.read_table(path) for path in (Path(str(second["release"])) / "events").glob("*.parquet")]
    downs = [
        row for table in events for row in table.to_pylist() if row["kind"] != "text_input" and row["action"] != "up"
    ]
    typed = [
        row["t_ms"] - before["t_ms"]
        for before, row in itertools.pairwise(downs)
        if (before["kind"], row["kind"]) == ("key", "key") and str(row["key"]).isalpha() and len(str(row["key"])) == 1
        if row["key"] != before["key"]  # a repeat is another quantity
    ]
    assert typed
    assert set(typed) <= set(range(200, 220))
    moved = folder / "elsewhere"
    moved.write_bytes((folder / "model").read_bytes())
    assert _run(capsys, folder, "--set", f"noise.model={moved}")["repeated"]
