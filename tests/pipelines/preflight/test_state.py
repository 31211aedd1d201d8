"""Private state is looked at before a run reads anything: whoever could change it could bring erased people back."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.cli.main import main
from pipelines.preflight.state import check_state
from schemas.errors import RefusedError
from tests.preflight.world import NOW
from transforms.preflight.judge_folder import Component, FolderFacts, FolderPolicy, Use, judge_folder
from transforms.preflight.verdict import CheckOutcome

_EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Give private state as keyveil makes it, below folders with fixed modes whatever the umask is."""
    for folder in (tmp_path / "home", tmp_path / "home" / "state", tmp_path / "home" / "state" / "erasures"):
        folder.mkdir()
        folder.chmod(0o700)
    return tmp_path / "home" / "state"


@pytest.mark.parametrize(
    ("mode", "refused"), [(0o700, False), (0o755, False), (0o720, True), (0o702, True), (0o1777, True)]
)
def test_only_what_nobody_else_may_write_in_is_taken(state: Path, mode: int, refused: bool) -> None:
    for folder in (state, state / "erasures"):
        folder.chmod(mode)
        if refused:
            with pytest.raises(RefusedError, match=str(folder)):
                check_state(state)
        else:
            check_state(state)
        folder.chmod(0o700)


def linked(state: Path) -> None:
    state.rename(state.with_name("real"))
    state.symlink_to(state.with_name("real"))


def linked_inside(state: Path) -> None:
    shutil.rmtree(state / "erasures")
    (state / "erasures").symlink_to(state.parent)


def replaceable_above(state: Path) -> None:
    state.parent.chmod(0o707)


@pytest.mark.parametrize("harm", [linked, linked_inside, replaceable_above])
def test_a_link_and_a_folder_above_that_others_may_change_are_refused(
    state: Path, harm: Callable[[Path], None]
) -> None:
    check_state(state)
    harm(state)
    with pytest.raises(RefusedError):
        check_state(state)


def test_state_that_does_not_exist_yet_is_judged_by_the_way_to_it(state: Path) -> None:
    check_state(state.parent / "new")
    replaceable_above(state)
    with pytest.raises(RefusedError, match="replace a folder on the way"):
        check_state(state.parent / "new")


@pytest.mark.parametrize(
    ("user", "owner", "refused"), [(1000, 1000, False), (1000, 0, False), (1000, 1001, True), (0, 1001, False)]
)
def test_the_owner_of_a_folder_above_may_be_root_or_the_same_user_and_root_trusts_any(
    user: int, owner: int, refused: bool
) -> None:
    way = (Component("/", 0o40755, 0), Component("/data", 0o40755, owner), Component("/data/state", 0o40700, user))
    facts = FolderFacts(NOW, "/data/state", user, way, True, True, True, "ext4", "/", 2**40)
    verdict = judge_folder(facts, FolderPolicy(Use.STATE))
    assert [finding.check for finding in verdict.of(CheckOutcome.FAILED)] == (["way-fixed"] if refused else [])


@pytest.mark.parametrize("command", ["run", "erase", "retain", "verify", "ledger"])
def test_every_command_that_relies_on_private_state_refuses_one_that_others_may_write(
    state: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = state.parent / "keys"
    assert main(["keys", "init", str(keys)]) == 0
    output = state.parent / "data"
    (output / "demo" / "releases").mkdir(parents=True)
    (output / "demo" / "catalog.json").write_text("{}")
    words = {
        "run": [
            "--input",
            str(state.parent / "missing"),
            "--output",
            str(output),
            "--consent",
            str(_EXAMPLES / "consent.csv"),
        ],
        "erase": [str(output), "--user", "user-a"],
        "retain": [str(output), "--days", "1"],
        "verify": [str(output)],
        "ledger": ["show"],
    }[command]
    state.chmod(0o777)
    capsys.readouterr()
    assert main([command, *words, "--keys", str(keys), "--state", str(state)]) == 3
    said = capsys.readouterr().err
    (refusal,) = (line for line in said.splitlines() if "warning" not in line)
    assert f"chmod go-w {state}" in refusal
    assert [path.name for path in state.iterdir()] == ["erasures"]


@pytest.mark.parametrize("planted", ["demo", "demo/releases"])
def test_a_dataset_that_is_a_link_is_not_written_into(
    state: Path, planted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, output, victim = (state.parent / name for name in ("keys", "data", "victim"))
    assert main(["keys", "init", str(keys)]) == 0
    victim.mkdir()
    (output / planted).parent.mkdir(parents=True)
    (output / planted).symlink_to(victim)
    log = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
    words = ["--input", str(log), "--output", str(output), "--consent", str(_EXAMPLES / "consent.csv")]
    assert main(["run", *words, "--keys", str(keys), "--state", str(state), "--dataset", "demo"]) == 3
    assert f"{output / planted} is a link" in capsys.readouterr().err
    assert list(victim.iterdir()) == []
