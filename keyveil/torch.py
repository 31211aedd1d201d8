"""Sessions for PyTorch: an iterable dataset that resumes, and events as tensors. Needs the extra ``keyveil[torch]``."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow.compute as pc
from torch.utils.data import IterableDataset, get_worker_info

from keyveil.read_plan import ReadPlan
from keyveil.records import Episode
from keyveil.release import LATEST
from keyveil.release_spec import choose
from keyveil.session_scan import same_columns
from keyveil.tensors import Batch, collate

__all__ = ["Batch", "EpisodeDataset", "collate"]


class EpisodeDataset(IterableDataset[Episode]):  # type: ignore[misc]  # torch is Any to the type checker
    """The sessions of a release, or of several, for a ``DataLoader`` with any number of workers.

    Each worker of each rank reads a share of its own; together they give every session once an epoch. Without workers
    the state moves with the iteration. With workers a loader fetches ahead of the training, so the state moves when
    ``mark`` receives what was trained on::

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
        filesystem: Any | None = None,
    ) -> None:
        """Verify the release now; arguments and errors as for ``keyveil.episodes``."""
        super().__init__()
        self._choice, opened = choose(uri, release, releases, keys=keys, filesystem=filesystem)
        self._plan = ReadPlan(None if columns is None else tuple(columns), where, seed, window, rank, ranks)
        self.columns = same_columns(opened, self._plan)
        self.epoch = 0
        self._cursors: dict[str, Mapping[str, int | str]] = {}

    def __iter__(self) -> Iterator[Episode]:
        """Yield the rest of this worker's share of the epoch; a worker that stays goes on with the next epoch."""
        worker = get_worker_info()
        plan = self._plan if worker is None else self._plan.for_worker(worker.id, worker.num_workers)
        share = self._choice.episodes(plan)
        share.set_epoch(self.epoch)
        if kept := [self._cursors[name] for name in share.plans if name in self._cursors]:
            share.load_state_dict(kept[-1])  # of several releases the one that was reached
        for episode in share:
            self.mark([episode.cursor])
            yield episode
        self.set_epoch(self.epoch + 1)

    def set_epoch(self, epoch: int) -> None:
        """Begin ``epoch`` from its start, unless a state in the middle of it was loaded."""
        if epoch != self.epoch:
            self.epoch, self._cursors = epoch, {}

    def mark(self, cursors: Sequence[Mapping[str, int | str]]) -> None:
        """Take note that the episodes with these cursors were used up, in the order in which they came."""
        self._cursors |= {str(cursor["plan"]): cursor for cursor in cursors}

    def state_dict(self) -> dict[str, Any]:
        """Return the position of every worker, as JSON can hold it."""
        return {"epoch": self.epoch, "cursors": [dict(cursor) for cursor in self._cursors.values()]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Resume where ``state_dict`` stood; call it before the loader's iteration begins."""
        self.epoch, self._cursors = int(state["epoch"]), {}
        self.mark(state["cursors"])
