import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import torch
from torch.utils.data import DataLoader

from keyveil import episodes
from keyveil.tensors import MODIFIER_BITS, NULL, NUMBERS, OTHER, TEXTS, VOCABULARY, word_ids
from keyveil.torch import EpisodeDataset, collate
from schemas.errors import UsageError
from schemas.vocabulary import ACTIONS, BUTTONS, CODES, RELEASED_KINDS, ROLES
from tests.keyveil.conftest import Publish, Published, published
from transforms.keys.key_set import KeySet


def dataset(release: Published, **options: Any) -> EpisodeDataset:
    return EpisodeDataset(str(release.home), keys=release.reader, **options)


def loader(source: EpisodeDataset, workers: int, size: int = 3) -> DataLoader[Any]:
    return DataLoader(source, batch_size=size, num_workers=workers, collate_fn=collate)


@pytest.mark.filterwarnings("ignore:This DataLoader will create 4 worker processes")
@pytest.mark.parametrize("workers", [0, 1, 4])
def test_ranks_and_workers_share_every_session_once_an_epoch(release: Published, workers: int) -> None:
    ranks = [dataset(release, seed=7, window=4, rank=rank, ranks=2) for rank in range(2)]
    orders = []
    for epoch in range(2):
        found = []
        for rank in ranks:
            rank.set_epoch(epoch)
            found += [name for batch in loader(rank, workers) for name in batch.sessions]
        assert Counter(found) == Counter(release.sessions)
        orders.append(found)
    assert orders[0] != orders[1]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_loader_takes_up_behind_what_was_trained_on(release: Published, workers: int) -> None:
    for stop in (0, 1, 3):
        first = dataset(release, seed=7, window=4)
        seen = []
        for step, batch in enumerate(loader(first, workers)):
            if step == stop:
                break
            seen += batch.sessions
            first.mark(batch.cursors)
            state = first.state_dict()
        second = dataset(release, seed=7, window=4)
        if stop:
            second.load_state_dict(json.loads(json.dumps(state)))
        rest = [name for batch in loader(second, workers) for name in batch.sessions]
        assert Counter(seen + rest) == Counter(release.sessions)


@pytest.fixture
def several(tmp_path: Path, keys: KeySet, reader: Path) -> Published:
    """Two releases of one dataset."""
    for name, shards in (("a" * 26, [[5, 6], [7, 8]]), ("b" * 26, [[9, 10, 11]])):
        made = published(tmp_path, keys, reader, shards, "none", release_id=name)
    return made


@pytest.mark.parametrize("workers", [0, 2])
def test_several_releases_are_read_once_an_epoch_and_taken_up_in_any_of_them(several: Published, workers: int) -> None:
    lengths = [5, 6, 7, 8, 9, 10, 11]
    whole = dataset(several, releases="all", seed=7)
    for _ in range(2):
        assert sorted(int(n) for batch in loader(whole, workers, 1) for n in batch.mask.sum(1)) == lengths
        whole.set_epoch(whole.epoch + 1)
    for stop in range(1, len(lengths), 1 + workers):
        first, seen = dataset(several, releases="all", seed=7), []
        for _, batch in zip(range(stop), loader(first, workers, 1), strict=False):
            seen.append(int(batch.mask.sum()))
            first.mark(batch.cursors)
            state = json.loads(json.dumps(first.state_dict()))
        second = dataset(several, releases="all", seed=7)
        second.load_state_dict(state)
        assert sorted(seen + [int(batch.mask.sum()) for batch in loader(second, workers, 1)]) == lengths


OTHERS = [{"seed": 8}, {"window": 5}, {"columns": ["seq"]}, {"ranks": 2}, {"where": pc.field("kind") == "key"}]


@pytest.mark.parametrize("other", OTHERS)
def test_a_state_that_does_not_fit_is_refused(release: Published, other: dict[str, Any]) -> None:
    first = dataset(release, seed=7, window=4)
    next(iter(first))
    state = first.state_dict()
    with pytest.raises(UsageError, match="saved with another"):
        dataset(release, **{"seed": 7, "window": 4} | other).load_state_dict(state)
    with pytest.raises(UsageError, match="saved with another"):
        dataset(release, releases="all", seed=7, window=4).load_state_dict({"epoch": 0, "cursors": []})


@pytest.mark.parametrize(("before", "after"), [(0, 2), (2, 1)])
def test_a_state_of_another_number_of_workers_is_refused(release: Published, before: int, after: int) -> None:
    first = dataset(release, seed=7)
    first.mark(next(iter(loader(first, before))).cursors)
    second = dataset(release, seed=7)
    second.load_state_dict(first.state_dict())
    with pytest.raises(UsageError, match="another number of loader workers"):
        list(loader(second, after))


@pytest.mark.parametrize(("workers", "are_too_many"), [(1, False), (2, True)])
def test_more_workers_than_a_dataset_has_room_for_are_refused(
    workers: int, are_too_many: bool, release: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyveil.torch._MOST_WORKERS", 1)
    source = loader(dataset(release), workers)
    if are_too_many:
        with pytest.raises(UsageError, match="at most 1 worker"):
            list(source)
    else:
        assert sorted(name for batch in source for name in batch.sessions) == release.sessions


def test_with_workers_a_state_needs_marks(release: Published) -> None:
    source = dataset(release, seed=7)
    assert source.state_dict()["cursors"] == []
    batches = list(loader(source, 1))
    with pytest.raises(UsageError, match="mark"):
        source.state_dict()
    source.mark(batches[0].cursors)
    assert source.state_dict()["cursors"] == [dict(batches[0].cursors[-1])]
    source.set_epoch(1)
    assert source.state_dict() == {"epoch": 1, "plans": source.state_dict()["plans"], "cursors": []}


def test_with_workers_each_epoch_has_another_order(release: Published) -> None:
    source = dataset(release, seed=7, window=400)
    orders = [[name for batch in loader(source, 1) for name in batch.sessions] for _ in range(2)]
    source.set_epoch(2)
    orders.append([name for batch in loader(source, 1) for name in batch.sessions])
    stream = episodes(str(release.home), keys=release.reader, seed=7, window=400)
    assert orders == [[episode.session for episode in stream] for _ in range(3)]
    source.set_epoch(0)
    assert [name for batch in loader(source, 1) for name in batch.sessions] == orders[0]


def test_marks_of_a_later_epoch_move_the_epoch(release: Published) -> None:
    source = dataset(release, seed=7)
    list(loader(source, 1))
    second = next(iter(loader(source, 1)))
    source.mark(second.cursors)
    assert source.state_dict()["epoch"] == source.epoch == 1
    resumed = dataset(release, seed=7)
    resumed.load_state_dict(source.state_dict())
    rest = [name for batch in loader(resumed, 1) for name in batch.sessions]
    assert sorted([*second.sessions, *rest]) == release.sessions


def test_workers_that_stay_go_on_with_the_next_epoch(release: Published) -> None:
    source = dataset(release, seed=7, window=400)
    kept = DataLoader(source, batch_size=4, num_workers=1, collate_fn=collate, persistent_workers=True)
    epochs = [[name for batch in kept for name in batch.sessions] for _ in range(2)]
    assert sorted(epochs[0]) == sorted(epochs[1]) == release.sessions
    assert epochs[0] != epochs[1]


def test_a_worker_that_is_started_afresh_opens_the_release_itself(publish_release: Publish) -> None:
    made = publish_release([[9, 4], [7]], "sealed")
    source = dataset(made, where=pc.field("kind") == "key")
    fresh = DataLoader(source, batch_size=2, num_workers=1, collate_fn=collate, multiprocessing_context="spawn")
    assert sorted(name for batch in fresh for name in batch.sessions) == made.sessions


def test_keys_in_memory_do_not_travel_to_workers(release: Published) -> None:
    with pytest.raises(TypeError):
        dataset(release, keys=release.keys.reader())
    with pytest.raises(UsageError):
        dataset(release, columns=["pixels"])


def test_a_batch_holds_the_events_as_numbers(release: Published) -> None:
    chosen = list(episodes(str(release.home), keys=release.reader))[:4]
    batch = collate(chosen)
    longest = max(episode.events.num_rows for episode in chosen)
    for name, words in VOCABULARY.items():
        ids = getattr(batch, name)
        assert ids.shape == (4, longest)
        for row, episode in enumerate(chosen):
            expected = [NULL if w is None else 3 + words.index(w) for w in episode.events[name].to_pylist()]
            assert ids[row].tolist() == expected + [0] * (longest - len(expected))
    assert batch.numbers.shape == batch.known.shape == (4, longest, len(NUMBERS))
    for row, episode in enumerate(chosen):
        for place, name in enumerate(NUMBERS):
            values = episode.events[name].to_pylist()
            assert batch.numbers[row, : len(values), place].tolist() == [float(v or 0) for v in values]
            assert batch.known[row, : len(values), place].tolist() == [v is not None for v in values]
        assert int(batch.mask[row].sum()) == episode.events.num_rows
        held = [sum(MODIFIER_BITS[m] for m in names or ()) for names in episode.events["modifiers"].to_pylist()]
        assert batch.modifiers[row, : len(held)].tolist() == held
        assert batch.synthetic[row, : len(held)].tolist() == episode.events["synthetic"].to_pylist()
        assert batch.field[row, : len(held)].tolist() == [
            -1 if f is None else f for f in episode.events["field"].to_pylist()
        ]
        for name in TEXTS:
            assert batch.texts[name][row] == tuple(episode.events[name].to_pylist())
        assert batch.text[row] == batch.texts["text"][row]
    assert batch.starts == (0,) * 4
    assert batch.to("meta").kind.device.type == "meta"


@pytest.mark.parametrize("most", [1, 7, 39, 40, 41])
def test_windows_bound_the_width_and_leave_out_no_event(release: Published, most: int) -> None:
    chosen = list(episodes(str(release.home), keys=release.reader))[:4]
    whole, cut = collate(chosen), collate(chosen, max_events=most)
    assert cut.kind.shape[1] == min(most, max(episode.events.num_rows for episode in chosen))
    for episode in chosen:
        rows = [row for row, name in enumerate(cut.sessions) if name == episode.session]
        assert [cut.starts[row] for row in rows] == list(range(0, episode.events.num_rows, most))
        row = whole.sessions.index(episode.session)
        for name in ("kind", "code", "numbers"):
            joined = torch.cat([getattr(cut, name)[part][cut.mask[part]] for part in rows])
            assert torch.equal(joined, getattr(whole, name)[row][whole.mask[row]])
        assert sum((cut.texts["title"][part] for part in rows), ()) == whole.texts["title"][row]
    assert cut.cursors == whole.cursors


def test_a_window_holds_an_event_at_least(release: Published) -> None:
    chosen = list(episodes(str(release.home), keys=release.reader))[:1]
    with pytest.raises(UsageError, match="1 or more"):
        collate(chosen, max_events=0)


def test_the_vocabulary_knows_every_released_word() -> None:
    for name, words in (("kind", RELEASED_KINDS), ("action", ACTIONS), ("button", BUTTONS), ("role", ROLES)):
        assert words <= set(VOCABULARY[name])


def test_columns_that_were_not_read_are_null(release: Published) -> None:
    batch = collate(list(episodes(str(release.home), keys=release.reader, columns=["kind"]))[:2])
    assert set(batch.code[batch.mask].tolist()) == {NULL}
    assert not batch.known.any()
    assert not batch.modifiers.any()


def test_words_outside_the_vocabulary_are_other() -> None:
    assert word_ids(pa.array(["left", None, "sixth"]), VOCABULARY["button"]).tolist() == [5, NULL, OTHER]
    assert word_ids(pa.array([], pa.string()), VOCABULARY["button"]).dtype == torch.int64
    assert set(VOCABULARY["code"]) == set(CODES.values())
    assert len(set(VOCABULARY["role"])) == len(VOCABULARY["role"])
