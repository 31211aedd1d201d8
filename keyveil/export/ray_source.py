"""Steps as a Ray Data source: each worker opens the release for itself, by address. Needs ``keyveil[ray]``."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pyarrow as pa
import ray.data
from ray.data.block import BlockMetadata
from ray.data.datasource import Datasource, ReadTask

from keyveil.export.rows import ROW_SCHEMA, as_row
from keyveil.training.step_sequence import Steps, steps

_BLOCK_STEPS = 256
_SESSIONS_A_TASK = 16
"""Fewest sessions of a task, of which each opens the release: with one session each, 159 take five times the time."""


def read_steps(uri: str, keys: str | os.PathLike[str], **options: Any) -> ray.data.Dataset:
    """Read steps as a dataset of rows of ``ROW_SCHEMA``; arguments as for ``keyveil.steps``.

    Give ``keys`` as a path that every machine of the cluster has: keys do not travel.
    """
    return ray.data.read_datasource(StepSource(steps(uri, keys, **options)))


class StepSource(Datasource):  # type: ignore[misc]  # Ray is Any to the type checker
    """The steps of a release, a run of sessions a task."""

    def __init__(self, found: Steps, sessions_a_task: int = _SESSIONS_A_TASK) -> None:
        """Raise ``UsageError`` where the steps cannot travel (see ``Steps``)."""
        super().__init__()
        self._reopen, self._arguments = found.__reduce__()
        self._sessions, self._least = len(found.sessions), sessions_a_task

    def get_name(self) -> str:
        """Return the name that Ray shows."""
        return "Keyveil"

    def estimate_inmemory_data_size(self) -> int | None:
        """Return nothing: steps are not counted before they are read."""
        return None

    def get_read_tasks(
        self,
        parallelism: int,
        per_task_row_limit: int | None = None,
        data_context: Any | None = None,  # noqa: ARG002 - Ray's interface
    ) -> list[ReadTask]:
        """Divide the sessions into at most ``parallelism`` tasks."""
        parts = max(1, min(parallelism, -(-self._sessions // self._least)))
        unknown = BlockMetadata(num_rows=None, size_bytes=None, exec_stats=None)
        return [
            ReadTask(
                partial(_read, self._reopen, self._arguments, part, parts),
                unknown,
                schema=ROW_SCHEMA,
                per_task_row_limit=per_task_row_limit,
            )
            for part in range(parts)
        ]


def _read(reopen: Callable[..., Steps], arguments: tuple[Any, ...], part: int, parts: int) -> Iterator[pa.Table]:
    """Yield the rows of one run of sessions."""
    rows: list[dict[str, Any]] = []
    for step in reopen(*arguments).share(part, parts):
        rows.append(as_row(step))
        if len(rows) == _BLOCK_STEPS:
            yield pa.Table.from_pylist(rows, ROW_SCHEMA)
            rows = []
    yield pa.Table.from_pylist(rows, ROW_SCHEMA)
