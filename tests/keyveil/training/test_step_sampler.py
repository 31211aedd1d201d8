import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from torch.utils.data import DataLoader

import keyveil
from keyveil.torch import StepSampler
from keyveil.training.step import StepPlan
from keyveil.training.step_sequence import Steps
from schemas.errors import UsageError
from tests.keyveil import recordings
from tests.keyveil.conftest import Published, published
from transforms.keys.key_set import KeySet


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory, keys: KeySet, reader: Path) -> Published:
    folder = tmp_path_factory.mktemp("mails")
    return published(folder, keys, reader, [[1] * 3, [1] * 4], "none", make=recordings.mail_session)


def read(steps: Steps, sampler: StepSampler, batches: int | None = None, workers: int = 0) -> list[Any]:
    """Train on so many batches of four; return the steps by name and number."""
    loader: Any = DataLoader(steps, batch_size=4, sampler=sampler, num_workers=workers, collate_fn=list)  # type: ignore[arg-type]
    found = []
    for number, batch in enumerate(loader, 1):
        found += [(step.session, step.number) for step in batch]
        sampler.mark(len(batch))
        if number == batches:
            break
    return found


@pytest.mark.parametrize("workers", [0, 2])
def test_an_epoch_goes_on_behind_the_steps_that_were_trained_on(mails: Published, workers: int) -> None:
    steps = keyveil.steps(str(mails.home), keys=mails.reader)
    whole = StepSampler(steps, seed=1)
    assert len(whole) == len(steps)
    first, second = read(steps, whole), read(steps, whole)
    every = [(step.session, step.number) for step in steps]
    assert sorted(first) == sorted(second) == sorted(every)
    assert len({tuple(first), tuple(second), tuple(every)}) == 3
    assert whole.epoch == 2
    begun = StepSampler(steps, seed=1)
    head = read(steps, begun, batches=3, workers=workers)
    state = json.loads(json.dumps(begun.state_dict()))
    later = StepSampler(steps, seed=1)
    later.load_state_dict(state)
    assert (later.epoch, len(later)) == (0, len(steps) - 12)
    later.set_epoch(0)  # the loop of the page; the epoch is not yet over
    assert head + read(steps, later, workers=workers) == first
    assert read(steps, later) == second
    later.set_epoch(1)
    assert read(steps, later) == second


def test_a_state_without_a_mark_is_refused(mails: Published) -> None:
    steps = keyveil.steps(str(mails.home), keys=mails.reader)
    sampler = StepSampler(steps)
    assert sampler.state_dict()["taken"] == 0
    next(iter(sampler))
    with pytest.raises(UsageError, match="call mark"):
        sampler.state_dict()
    sampler.mark(1)
    assert sampler.state_dict()["taken"] == 1


def test_ranks_share_the_steps_evenly(mails: Published) -> None:
    steps = keyveil.steps(str(mails.home), keys=mails.reader)
    shares = [list(StepSampler(steps, seed=2, rank=rank, ranks=3)) for rank in range(3)]
    assert [len(share) for share in shares] == [len(steps) // 3] * 3 == [len(StepSampler(steps, ranks=3))] * 3
    assert len({place for share in shares for place in share}) == len(steps) // 3 * 3
    for rank in (-1, 3):
        with pytest.raises(UsageError, match="rank must be 0 to ranks - 1"):
            StepSampler(steps, rank=rank, ranks=3)


def test_a_state_of_other_steps_is_refused_and_an_erasure_is_named(mails: Published) -> None:
    steps = keyveil.steps(str(mails.home), keys=mails.reader)
    state = StepSampler(steps, seed=1).state_dict()
    for other in (
        StepSampler(steps, seed=2),
        StepSampler(steps, seed=1, ranks=2),
        StepSampler(keyveil.steps(str(mails.home), keys=mails.reader, split="train"), seed=1),
        StepSampler(keyveil.steps(str(mails.home), keys=mails.reader, format="adp"), seed=1),
    ):
        with pytest.raises(UsageError, match="saved with another release"):
            other.load_state_dict(state)
    manifest = steps.release.manifest
    rest = tuple(shard for shard in manifest.shards if shard != steps.release.shards("events")[-1])
    erased = Steps(replace(steps.release, manifest=replace(manifest, shards=rest)), StepPlan())
    with pytest.raises(UsageError, match="somebody was erased from the release since"):
        StepSampler(erased, seed=1).load_state_dict(state)
