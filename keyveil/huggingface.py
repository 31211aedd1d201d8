"""Sessions as a streaming Hugging Face dataset. Needs the extra ``keyveil[huggingface]``.

Always streaming: the library's other way of loading would leave a decrypted copy of the release in its cache folder.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NoReturn

import datasets
import pyarrow as pa
import pyarrow.compute as pc

from keyveil.export.rows import ROW_SCHEMA, as_row
from keyveil.read_plan import ReadPlan, ReadPosition, Unit
from keyveil.release import LATEST, Release
from keyveil.release_spec import Address, choose
from keyveil.session_scan import same_columns, sessions_from
from keyveil.several_releases import EpisodesOfReleases
from keyveil.training.split import Split
from keyveil.training.step_sequence import Steps, steps
from schemas.errors import RefusedError

_OF_SESSION = ("session", "user")
_MOST_RUNS = 256


def streaming_dataset(
    uri: str,
    release: str = LATEST,
    *,
    keys: str | os.PathLike[str],
    releases: str | Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    where: pc.Expression | None = None,
    split: Split | None = None,
    filesystem: Any | None = None,
) -> datasets.IterableDataset:
    """Return the sessions of a release, one example each: ``session``, ``user``, and each column as a list by ``seq``.

    With ``releases``, as for ``keyveil.episodes``, those of several.
    It shuffles, splits over nodes and workers, and resumes as such datasets do; its shards are those of the release.
    Arguments and errors as for ``keyveil.episodes``.
    """
    choice, opened = choose(uri, release, releases, keys=keys, filesystem=filesystem)
    plan = ReadPlan(None if columns is None else tuple(columns), where, split=split)
    if split is not None:
        EpisodesOfReleases(opened, plan)  # refuses a split of several releases
    shards = [(place, shard) for place, each in enumerate(opened) for shard in range(len(each.shards("events")))]
    return datasets.IterableDataset.from_generator(
        _examples,
        features=_features(opened, plan),
        gen_kwargs={"shards": shards, "addresses": choice.addresses, "plan": plan},
    )


def streaming_steps(uri: str, keys: str | os.PathLike[str], **options: Any) -> datasets.IterableDataset:
    """Return the steps of a release, one example each; options as for ``keyveil.steps``.

    ``image`` is a feature of kind ``Image``, null unless ``observation="image"``; ``history`` and ``next_action`` are
    JSON.
    """
    found = steps(uri, keys, **options)
    reopen, arguments = found.__reduce__()
    runs = min(max(1, len(found.sessions)), _MOST_RUNS)
    features = datasets.Features.from_arrow_schema(ROW_SCHEMA) | {"image": datasets.Image()}
    return datasets.IterableDataset.from_generator(
        _steps,
        features=datasets.Features(features),
        gen_kwargs={"runs": list(range(runs)), "of": runs, "reopen": reopen, "arguments": arguments},
    )


def to_hf(*_: Any, **__: Any) -> NoReturn:
    """Refuse to write a data set to the disk; raise ``RefusedError`` that says what to do instead."""
    raise RefusedError(
        "a data set saved to the disk would be a decrypted copy of the release that nobody verifies, withdraws or "
        "erases; train on streaming_dataset or streaming_steps, or write a sealed archive with "
        "keyveil.export.write_webdataset"
    )


def _steps(
    runs: list[int], of: int, reopen: Callable[..., Steps], arguments: tuple[Any, ...]
) -> Iterator[dict[str, Any]]:
    found = reopen(*arguments)
    for run in runs:
        for step in found.share(run, of):
            row = as_row(step)
            yield row | {"image": None if row["image"] is None else {"bytes": row["image"], "path": None}}


def _examples(
    shards: list[tuple[int, int]], addresses: tuple[Address, ...], plan: ReadPlan
) -> Iterator[dict[str, Any]]:
    opened = {place: addresses[place].open() for place in {place for place, _ in shards}}
    for place, of_release in groupby(shards, key=itemgetter(0)):
        units = [Unit(shard, 0, 1) for _, shard in of_release]
        for found in sessions_from(opened[place], plan, units, ReadPosition(0, 0)):
            names = [name for name in found.events.schema.names if name not in _OF_SESSION]
            events = {name: found.events[name].to_pylist() for name in names}
            yield {"session": found.session, "user": found.user, **events}


def _features(releases: Sequence[Release], plan: ReadPlan) -> datasets.Features:
    schema: Any = releases[0].schema("events")
    columns = [
        pa.field(name, pa.list_(_plain(schema.field(name).type)))
        for name in same_columns(releases, plan)
        if name not in _OF_SESSION
    ]
    identity = [pa.field(name, pa.string()) for name in _OF_SESSION]
    return datasets.Features.from_arrow_schema(pa.schema([*identity, *columns]))


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
