"""Recordings of typing as redacted sessions, and an attacker's measurements of them."""

import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.safe import REDACTED_SCHEMA

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PEOPLE_A_BATCH = 16
HOLD_KEYS, DIGRAPHS = 30, 80
FEATURES = HOLD_KEYS + 1 + DIGRAPHS + 1
"""Mean hold of the commonest keys and of the rest, mean interval of the commonest pairs of keys and of the rest."""

_NAMED = {8: "Backspace", 9: "Tab", 13: "Enter", 16: "Shift", 17: "Control", 18: "Alt", 20: "CapsLock", 32: " "}
_SAME = frozenset(string.ascii_uppercase + string.digits)
_SIGNS = {186: ";", 187: "=", 188: ",", 189: "-", 190: ".", 191: "/", 192: "`", 219: "[", 220: "\\", 221: "]", 222: "'"}


@dataclass(frozen=True)
class Recordings:
    """Key events of many people: parallel columns; ``key`` is a JavaScript key code, times are in ms."""

    user: Ints
    sentence: Ints
    key: Ints
    press_ms: Ints
    hold_ms: Ints

    def where(self, rows: npt.NDArray[np.bool_]) -> "Recordings":
        return Recordings(*(column[rows] for column in vars(self).values()))

    @property
    def people(self) -> int:
        return int(self.user.max()) + 1


def load(folder: Path) -> Recordings:
    table = pa.concat_tables([pq.read_table(path) for path in sorted(folder.glob("aalto2329_part*.parquet"))])
    names = ("user", "sentence", "key", "press_ms", "hold_ms")
    return Recordings(*(table[name].to_numpy().astype(np.int64) for name in names))


def key_value(code: int) -> str:
    """Map a JavaScript key code to its W3C key value."""
    if code in _NAMED or code in _SIGNS:
        return _NAMED.get(code) or _SIGNS[code]
    character = chr(code)
    return character.lower() if character in _SAME else f"F{code}"


def sessions(people: Recordings, copies: int = 1) -> Iterator[pa.Table]:
    """Yield tables of redacted sessions, a sentence a session; ``copies`` types each sentence again under new names."""
    words = pa.array([key_value(code) for code in range(256)])
    for copy in range(copies):
        for first in range(0, people.people, PEOPLE_A_BATCH):
            begin, end = np.searchsorted(people.user, [first, first + PEOPLE_A_BATCH])
            yield _table(people.where(np.s_[begin:end]), words, copy)


def _table(part: Recordings, words: pa.Array, copy: int) -> pa.Table:
    count = len(part.user)
    both = np.tile(np.arange(count), 2)
    up = np.repeat([False, True], count)
    t_ms = part.press_ms[both] + np.where(up, np.maximum(part.hold_ms[both], 0), 0)
    both, up, t_ms = (
        column[np.lexsort((up, t_ms, part.sentence[both], part.user[both]))] for column in (both, up, t_ms)
    )
    user, sentence = part.user[both], part.sentence[both]
    key = words.take(pa.array(part.key[both])).dictionary_encode()
    made = {
        "session": pc.binary_join_element_wise(
            *(pa.array(column).cast(pa.string()) for column in (user, sentence, np.full(len(user), copy))), "-"
        ),
        "user": pa.array(user).cast(pa.string()),
        "t_us": pa.array(1000 * t_ms),
        "kind": pa.array(["key"]).dictionary_encode().take(pa.array(np.zeros(len(user), dtype=np.int64))),
        "action": pa.array(["down", "up"]).dictionary_encode().take(pa.array(up.astype(np.int64))),
        "key": key,
        "code": key,
    }
    columns = [
        made[field.name].cast(field.type) if field.name in made else pa.nulls(len(user), field.type)
        for field in REDACTED_SCHEMA
    ]
    return pa.table(columns, schema=REDACTED_SCHEMA)


@dataclass
class Measurements:
    """Sums, squares and counts of the measurements, by person and feature."""

    sums: Floats
    squares: Floats
    counts: Floats

    @classmethod
    def nothing(cls, people: int) -> "Measurements":
        return cls(*(np.zeros((people, FEATURES)) for _ in range(3)))

    @property
    def means(self) -> Floats:
        return self.sums / np.maximum(self.counts, 1)

    def add(self, person: Ints, feature: Ints, value: Floats) -> None:
        place = person * FEATURES + feature
        for total, weights in ((self.sums, value), (self.squares, value * value), (self.counts, None)):
            np.add(total, np.bincount(place, weights, minlength=total.size).reshape(total.shape), out=total)


@dataclass(frozen=True)
class Probe:
    """The measured features, chosen once from the typed keys."""

    hold: Ints
    digraph: Ints

    @classmethod
    def of(cls, people: Recordings) -> "Probe":
        hold = np.full(256, HOLD_KEYS)
        hold[np.argsort(-np.bincount(people.key, minlength=256))[:HOLD_KEYS]] = np.arange(HOLD_KEYS)
        follows = (people.user[1:] == people.user[:-1]) & (people.sentence[1:] == people.sentence[:-1])
        pairs = (people.key[:-1] * 256 + people.key[1:])[follows]
        digraph = np.full(65536, DIGRAPHS)
        digraph[np.argsort(-np.bincount(pairs, minlength=65536))[:DIGRAPHS]] = np.arange(DIGRAPHS)
        return cls(hold, HOLD_KEYS + 1 + digraph)

    def measure(self, table: pa.Table, t_ms: Ints, seen: Measurements, codes: dict[str, int], scale: "Scale") -> None:
        """Add the measurements of a table through ``scale``: hold by key, interval by pair of keys."""
        encoded = table["key"].combine_chunks().cast(pa.string()).dictionary_encode()
        key = np.array([codes[word] for word in encoded.dictionary.to_pylist()])[encoded.indices.to_numpy()]
        session = table["session"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
        person = np.array(table["user"].cast(pa.int64()).to_numpy())
        up = pc.equal(table["action"].cast(pa.string()), "up").to_numpy()
        down = np.flatnonzero(~up)
        same = session[down[1:]] == session[down[:-1]]
        before, after = down[:-1][same], down[1:][same]
        seen.add(
            person[after], self.digraph[key[before] * 256 + key[after]], scale.interval(t_ms[after] - t_ms[before])
        )
        order = np.lexsort((np.arange(len(key)), key, session))
        pressed, released = order[:-1], order[1:]
        held = ~up[pressed] & up[released] & (key[pressed] == key[released]) & (session[pressed] == session[released])
        pressed, released = pressed[held], released[held]
        seen.add(person[pressed], self.hold[key[pressed]], scale.hold(t_ms[released] - t_ms[pressed]))


@dataclass(frozen=True)
class Scale:
    """The attacker's scale of times: clipped, and logarithmic if they carry no noise."""

    logarithmic: bool

    def hold(self, value: Ints) -> Floats:
        return np.log(np.clip(value, 10, 400)) if self.logarithmic else np.clip(value, 0, 500).astype(float)

    def interval(self, value: Ints) -> Floats:
        return np.log(np.clip(value, 15, 800)) if self.logarithmic else np.clip(value, 0, 1000).astype(float)
