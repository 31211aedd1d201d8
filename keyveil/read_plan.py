"""In which order sessions come, and which of several readers gets which. Pure: no file is opened here."""

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import pyarrow.compute as pc

from keyveil.training.split import SPLITS, Split
from schemas.errors import UsageError

_WINDOWS = range(1, 1_048_577)


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """Sessions to read, their order, and the share of each reader.

    Without a ``seed`` sessions come as they are stored. With one, each epoch has its own order of shards, and sessions
    are shuffled within consecutive windows of ``window`` sessions (fewer where they are long, so that memory is
    bounded). ``rank`` of ``ranks`` readers gets a share of the sessions; the shares are disjoint and together hold
    every session once an epoch. They are equal only where the shards divide evenly. ``split`` keeps the people of
    ``train``, ``validation`` or ``test``, whatever the seed: those of ``keyveil.steps`` with its default seed.
    """

    columns: tuple[str, ...] | None = None
    where: pc.Expression | None = None
    seed: int | None = None
    window: int = 256
    rank: int = 0
    ranks: int = 1
    split: Split | None = None

    def __post_init__(self) -> None:
        """Raise ``UsageError`` where a value is out of range."""
        if self.window not in _WINDOWS:
            raise UsageError(
                f"window must be {_WINDOWS.start} to {_WINDOWS.stop - 1} sessions; pass a number in that range"
            )
        if self.split is not None and self.split not in SPLITS:
            raise UsageError(f"split must be one of {', '.join(SPLITS)}; pass one of these, or None for all sessions")
        if not 0 <= self.rank < self.ranks:
            raise UsageError("rank must be 0 to ranks - 1; pass the number of this process and of all processes")

    def for_worker(self, worker: int, workers: int) -> "ReadPlan":
        """Return the plan of one of this rank's data-loader workers."""
        return replace(self, rank=self.rank * workers + worker, ranks=self.ranks * workers)

    def fingerprint(self, release_id: str, shards: Sequence[str]) -> str:
        """Return hex digits that differ where another plan or release would give another sequence of sessions.

        ``shards`` are the digests of the files: an erasure changes them, and with them where each session stands. Both
        have 16 digits of their own, so that ``explain_misfit`` can tell which of them differs.
        """
        where = None if self.where is None else str(self.where)
        facts = [
            release_id,
            self.columns,
            where,
            self.seed,
            self.window,
            self.rank,
            self.ranks,
            self.split,
        ]
        return join_fingerprint(facts, shards)


def join_fingerprint(facts: Sequence[object], shards: Sequence[str]) -> str:
    """Return 16 hex digits for the facts of a choice, and 16 for the digests of the files that it reads."""
    return f"{_shorten(facts)}-{_shorten(shards)}"


def _shorten(facts: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(list(facts)).encode()).hexdigest()[:16]


def explain_misfit(saved: Sequence[object], own: Sequence[str]) -> str:
    """Say why a state with the fingerprints ``saved`` does not fit, and what to do.

    It would repeat some sessions and leave out others.
    """
    choices = [str(each).partition("-")[0] for each in saved]
    if choices == [each.partition("-")[0] for each in own]:
        return (
            "somebody was erased from the release since the state was saved, and its files were written again; begin "
            'the epoch again, set_epoch(state["epoch"]), and see whether what was trained may stay (docs/reading.md)'
        )
    return (
        "the state was saved with another release, columns, filter, format, seed, window, split or share, or by an "
        "earlier version; restore those, or begin an epoch with set_epoch"
    )


class Unit(NamedTuple):
    """Every ``parts``-th session of a shard, from session ``part`` on; ``shard`` is its place in the manifest."""

    shard: int
    part: int
    parts: int


class ReadPosition(NamedTuple):
    """Between two sessions: ``session`` sessions of the reader's unit number ``unit`` lie before it."""

    unit: int
    session: int


def units_of(shards: int, plan: ReadPlan, epoch: int) -> list[Unit]:
    """List the reads of one reader in an epoch, in order.

    Whole shards where there are as many shards as readers; otherwise several readers decode a shard and each keeps its
    part. No reader meets a shard twice in an epoch.
    """
    order = list(range(shards))
    if plan.seed is not None:
        random.Random(f"{plan.seed}/{epoch}").shuffle(order)  # noqa: S311 - an order that can be repeated, no secret
    parts = -(-plan.ranks // shards)
    units = [Unit(shard, part, parts) for part in range(parts) for shard in order]
    return units[plan.rank :: plan.ranks]


def order_in_window(sessions: int, plan: ReadPlan, epoch: int, start: ReadPosition) -> list[int]:
    """Return the order in which the sessions of the window that begins at ``start`` come."""
    order = list(range(sessions))
    if plan.seed is not None:
        random.Random(f"{plan.seed}/{epoch}/{start.unit}/{start.session}").shuffle(order)  # noqa: S311
    return order
