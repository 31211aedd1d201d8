"""Sessions for PyTorch: an iterable dataset that resumes, and events as tensors. Needs the extra ``keyveil[torch]``."""

import os
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pyarrow.compute as pc
import torch
from torch.utils.data import IterableDataset, Sampler, get_worker_info

from keyveil.episodes import Episodes
from keyveil.read_plan import ReadPlan, explain_misfit, join_fingerprint
from keyveil.records import Episode
from keyveil.release import LATEST
from keyveil.release_spec import choose
from keyveil.session_scan import same_columns
from keyveil.several_releases import EpisodesOfReleases
from keyveil.tensors import Batch, collate
from keyveil.training.split import Split
from keyveil.training.step_sequence import Steps
from schemas.errors import UsageError

__all__ = ["Batch", "EpisodeDataset", "StepSampler", "collate"]

_EPOCH, _BEGUN, _NEXT = range(3)
"""Places in the memory that a dataset shares with its workers: its epoch, whether a worker began, and from ``_NEXT`` on
the epoch that each worker reads next."""
_MOST_WORKERS = 1_024


class EpisodeDataset(IterableDataset[Episode]):  # type: ignore[misc]  # torch is Any to the type checker
    """The sessions of a release, or of several, for a ``DataLoader`` with any number of workers.

    Each worker of each rank reads a share of its own; together they give every session once an epoch, and with a seed
    each epoch in another order. Without workers the state moves with the iteration. With workers a loader fetches ahead
    of the training, so the state moves when ``mark`` receives what was trained on::

        dataset = EpisodeDataset(uri, keys="reader.json", seed=1)
        loader = DataLoader(dataset, batch_size=8, num_workers=2, collate_fn=collate)
        for epoch in range(dataset.epoch, 3):
            dataset.set_epoch(epoch)
            for batch in loader:
                train(batch)
                dataset.mark(batch.cursors)
                save(dataset.state_dict())

    A state fits the same release, plan, ranks and number of workers only. It is a position and holds no data.
    """

    def __init__(
        self,
        uri: str,
        release: str = LATEST,
        *,
        keys: str | os.PathLike[str],
        releases: str | Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
        seed: int | None = None,
        window: int = 256,
        rank: int = 0,
        ranks: int = 1,
        split: Split | None = None,
        filesystem: Any | None = None,
    ) -> None:
        """Verify the release now; arguments and errors as for ``keyveil.episodes``."""
        super().__init__()
        self._choice, opened = choose(uri, release, releases, keys=keys, filesystem=filesystem)
        self._plan = ReadPlan(None if columns is None else tuple(columns), where, seed, window, rank, ranks, split)
        self.columns = same_columns(opened, self._plan)
        self._plans = EpisodesOfReleases(opened, self._plan).plans
        self._cursors: dict[str, Mapping[str, int | str]] = {}
        self._is_loaded = False
        self._shared = torch.zeros(_NEXT + _MOST_WORKERS, dtype=torch.int64).share_memory_()

    def __repr__(self) -> str:
        names = [address.release for address in self._choice.addresses]
        return f"EpisodeDataset(releases={names!r}, split={self._plan.split!r}, epoch={self.epoch})"

    @property
    def epoch(self) -> int:
        """Return the epoch that was set, loaded or marked last."""
        return int(self._shared[_EPOCH])

    def __iter__(self) -> Iterator[Episode]:
        """Yield the rest of this worker's share of the epoch; the next iteration reads the next epoch."""
        share, worker, epoch = self._open_share()
        share.set_epoch(epoch)
        known = (self._cursors[name] for name in share.plans if name in self._cursors)
        if kept := [cursor for cursor in known if cursor["epoch"] == epoch]:
            share.load_state_dict(kept[-1])  # of several releases the one that was reached
        for episode in share:
            if worker is None:
                self.mark([episode.cursor])
            yield episode
        if worker is None:
            self.set_epoch(epoch + 1)
        else:
            self._shared[_NEXT + worker] = epoch + 1

    def _open_share(self) -> tuple[Episodes | EpisodesOfReleases, int | None, int]:
        """Open the share of this process; return it, the number of the worker and the epoch to read."""
        every = self._choice.episodes(self._plan)
        worker = get_worker_info()
        if worker is None:
            self._check_fit(set(every.plans))
            return every, None, self.epoch
        if worker.num_workers > _MOST_WORKERS:
            raise UsageError(f"a loader has at most {_MOST_WORKERS} workers here; pass a smaller num_workers")
        shares = [every.share(number, worker.num_workers) for number in range(worker.num_workers)]
        self._check_fit({plan for share in shares for plan in share.plans})
        self._shared[_BEGUN] = 1
        finished = int(self._shared[_NEXT : _NEXT + worker.num_workers].min())
        return shares[worker.id], worker.id, max(self.epoch, finished)

    def _check_fit(self, plans: Collection[str]) -> None:
        """Raise ``UsageError`` where the state that was loaded is of another number of workers."""
        if self._is_loaded and not all(plan in plans for plan in self._cursors):
            raise UsageError(
                "the state was saved with another number of loader workers; pass that num_workers, or begin the epoch "
                "again in a new dataset"
            )

    def set_epoch(self, epoch: int) -> None:
        """Begin ``epoch`` from its start, unless a state in the middle of it was loaded."""
        if epoch != self.epoch:
            self._begin(epoch)

    def _begin(self, epoch: int) -> None:
        self._cursors, self._is_loaded = {}, False
        self._shared.zero_()
        self._shared[_EPOCH] = epoch

    def mark(self, cursors: Sequence[Mapping[str, int | str]]) -> None:
        """Take note that the episodes with these cursors were used up, in the order in which they came."""
        for cursor in cursors:
            if int(cursor["epoch"]) > self.epoch:
                self._cursors, self._is_loaded = {}, False
                self._shared[_EPOCH] = int(cursor["epoch"])
            self._cursors[str(cursor["plan"])] = cursor

    def state_dict(self) -> dict[str, Any]:
        """Return the position of every worker, as JSON can hold it; raise ``UsageError`` where none was marked."""
        if self._shared[_BEGUN] and not self._cursors:
            raise UsageError(
                "loader workers read ahead, so nothing tells what was trained on; call mark(batch.cursors) after each "
                "batch, before state_dict()"
            )
        cursors = [dict(cursor) for cursor in self._cursors.values()]
        return {"epoch": self.epoch, "plans": list(self._plans), "cursors": cursors}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Resume where ``state_dict`` stood; call it before the loader's iteration begins.

        Raises ``UsageError`` where the state does not fit; the iteration does so where the number of workers is
        another.
        """
        if tuple(state.get("plans", ())) != self._plans:
            raise UsageError(explain_misfit(tuple(state.get("plans", ())), self._plans))
        self._begin(int(state["epoch"]))
        self.mark(state["cursors"])
        self._is_loaded = True


class StepSampler(Sampler[int]):  # type: ignore[misc]  # torch is Any to the type checker
    """The places of steps in an order of each epoch, for a ``DataLoader`` that can stop and go on anywhere.

    Loaders fetch ahead of the training, so the state moves when ``mark`` is told how many steps were trained on::

        steps = keyveil.steps(uri, keys="reader.json", split="train")
        sampler = StepSampler(steps, seed=1)
        loader = DataLoader(steps, batch_size=8, sampler=sampler, num_workers=2, collate_fn=list)
        for epoch in range(sampler.epoch, 3):
            sampler.set_epoch(epoch)
            for batch in loader:
                train(batch)
                sampler.mark(len(batch))
                save(sampler.state_dict())

    Each of ``ranks`` gets as many steps; up to ``ranks - 1``, others in each epoch, are left out. A state fits the same
    steps, seed and ranks, whatever the batch size and the number of workers, and no release from which somebody was
    erased since, where every place may be another step.
    """

    def __init__(self, steps: Steps, *, seed: int = 0, rank: int = 0, ranks: int = 1) -> None:
        """Count the steps; raise ``UsageError`` where there is no such rank."""
        if not 0 <= rank < ranks:
            raise UsageError("rank must be 0 to ranks - 1; pass the number of this process and of all processes")
        self._seed, self._rank, self._ranks = seed, rank, ranks
        self._steps, self._share = len(steps), len(steps) // ranks
        plan, release = steps.plan, steps.release
        facts = [release.manifest.release_id, plan.format, plan.split, plan.seed, seed, rank, ranks]
        self._fingerprint = join_fingerprint(facts, [shard.sha256 for shard in release.shards("events")])
        self._epoch, self._taken, self._is_marked = 0, 0, True

    @property
    def epoch(self) -> int:
        """Return the epoch that comes next, or that is not yet over."""
        return self._epoch

    def __len__(self) -> int:
        return self._share - self._taken

    def __iter__(self) -> Iterator[int]:
        """Yield the rest of the epoch."""
        order = list(range(self._steps))
        random.Random(f"{self._seed}/{self._epoch}").shuffle(order)  # noqa: S311 - an order that can be repeated
        self._is_marked = False
        yield from order[self._rank :: self._ranks][self._taken : self._share]

    def set_epoch(self, epoch: int) -> None:
        """Begin ``epoch`` from its start, unless it is the one that is not yet over."""
        if epoch != self._epoch:
            self._epoch, self._taken, self._is_marked = epoch, 0, True

    def mark(self, steps: int) -> None:
        """Take note that so many more steps were trained on, in the order in which they came."""
        self._taken, self._is_marked = self._taken + steps, True
        if self._taken >= self._share:
            self._epoch, self._taken = self._epoch + 1, 0

    def state_dict(self) -> dict[str, int | str]:
        """Return the position, as JSON can hold it; raise ``UsageError`` where nothing tells what was trained on."""
        if not self._is_marked:
            raise UsageError(
                "the loader reads ahead, so nothing tells what was trained on; call mark(len(batch)) after each batch, "
                "before state_dict()"
            )
        return {"plan": self._fingerprint, "epoch": self._epoch, "taken": self._taken}

    def load_state_dict(self, state: Mapping[str, int | str]) -> None:
        """Go on where ``state_dict`` stood; raise ``UsageError`` where the state does not fit."""
        if state.get("plan") != self._fingerprint:
            raise UsageError(explain_misfit([state.get("plan")], [self._fingerprint]))
        self._epoch, self._taken, self._is_marked = int(state["epoch"]), int(state["taken"]), True
