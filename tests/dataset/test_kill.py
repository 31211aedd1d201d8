"""``kill -9`` before every single change that publishing, erasing or rotating makes to the disk."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.dataset.test_publish import RELEASES, Runs
from tests.support.kill_points import KILLED, changes, in_child, kill_before
from transforms.dataset.codec import decode
from transforms.dataset.erase import Eraser
from transforms.dataset.publish import complete
from transforms.dataset.verify.dataset import DatasetVerifier
from transforms.keys.key_set import KeySet

PERSON = frozenset({"user-2"})


@pytest.fixture
def runs(tmp_path: Path, keys: KeySet) -> Runs:
    base = Runs(str(tmp_path / "base" / "out"), tmp_path / "base" / "staging", keys)
    base.publish(RELEASES[1])
    return base


def publish(runs: Runs) -> int:
    """Do what a run does: complete a release that is sealed, or publish it."""
    sealed = runs.sealed(RELEASES[0])
    if sealed is None:
        runs.publish(RELEASES[0])
    else:
        complete(runs.store, runs.layout(RELEASES[0]), sealed, runs.keys)
    return 0


def erase(runs: Runs) -> int:
    Eraser(runs.store, runs.keys).erase(runs.layout(RELEASES[1]), PERSON)
    return 0


def rows(runs: Runs) -> list[str]:
    """Return the rows of every release; fail if verification finds something or a file is left over."""
    assert not DatasetVerifier(runs.store, runs.keys.verifying(), runs.keys.reader()).verify().findings
    shards = {name: content for name, content in runs.content().items() if "/events/" in name}
    return sorted(
        f"{name[:20]} {row}" for name in shards for row in decode(shards[name], runs.keys.reader()).to_pylist()
    )


@pytest.mark.parametrize("act", [publish, erase])
def test_a_re_run_completes_whatever_a_kill_left(act: Callable[[Runs], int], runs: Runs, tmp_path: Path) -> None:
    def copied(name: str) -> Runs:
        shutil.copytree(tmp_path / "base", tmp_path / name)
        return replace(runs, output=str(tmp_path / name / "out"), staging=tmp_path / name / "staging")

    whole = copied("whole")
    total = changes(tmp_path / "whole", lambda: act(whole), tmp_path / "count")
    wanted = rows(whole)
    assert total > 10
    for at in range(1, total + 1):
        one = copied(f"kill{at}")

        def killed(one: Runs = one, at: int = at) -> int:
            kill_before(tmp_path / f"kill{at}", at)
            return act(one)

        assert in_child(killed) == KILLED
        for release in RELEASES[:2]:
            one.sealed(release)  # raises where what is sealed is not whole
        assert act(one) == 0
        assert rows(one) == wanted
        assert one.sealed(RELEASES[1]) is not None
        shutil.rmtree(tmp_path / f"kill{at}")
