"""Steps of a release as a sequence: ``len(steps)``, ``steps[i]``, for any map-style loader."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

from keyveil.api import Keys, open_release
from keyveil.release import LATEST, Release
from keyveil.release_spec import Address, resolve
from keyveil.training.action import Size
from keyveil.training.formats import FormatName
from keyveil.training.learned_places import learn_from_release
from keyveil.training.places import Places
from keyveil.training.screen import Screen
from keyveil.training.session_steps import COLUMNS, SessionSteps
from keyveil.training.split import Split, split_of
from keyveil.training.step import Observation, PlacesName, Step, StepPlan, build_step, list_steps
from schemas.errors import RefusedError, UsageError
from transforms.keys.reader_keys import ReaderKeys

_SESSIONS_AT_HAND = 8


def steps(
    uri: str,
    keys: Keys,
    release: str = LATEST,
    *,
    observation: Observation = "nodes",
    format: FormatName = "tool",  # noqa: A002 - the word that trainers look for
    split: Split | None = None,
    seed: int = 0,
    history: int = 8,
    size: Size | None = None,
    font: str | None = None,
    places: Places | PlacesName = "learned",
    filesystem: Any | None = None,
) -> "Steps":
    """Open the steps of a release; arguments and errors as for ``keyveil.open_release``.

    ``observation`` is ``nodes``, ``text`` (the text of the screen) or ``image`` (a wireframe; needs
    ``keyveil[images]``). ``format`` is ``tool`` (computer-use tool calls), ``opencua`` (PyAutoGUI code), ``adp`` (Agent
    Data Protocol) or ``messages`` (turns of a chat). ``split`` keeps the people of ``train``, ``validation`` or
    ``test``; ``seed`` makes another division. ``history`` is the largest number of past actions in a step. ``size`` is
    that of pictures and pixel coordinates, else the window's; ``font`` is as for ``keyveil.render``.
    ``places`` says where nodes stand that the release laid out again: ``learned`` puts them, and the actions on them,
    where a similar screen of the release has them in which nothing was replaced, ``released`` leaves them as they are;
    ``keyveil.learn_places`` makes places of other screens. DP-SGD by user needs ``released``: screens of others teach
    the places of a person's steps.
    """
    plan = StepPlan(observation, format, split, seed, history, size, font, places)
    if isinstance(keys, ReaderKeys):
        return Steps(open_release(uri, release, keys=keys, filesystem=filesystem), plan)
    address, opened = resolve(uri, release, keys=keys, filesystem=filesystem)
    return Steps(opened, plan, address)


class Steps(Sequence[Step]):
    """The steps of a release in the order of its sessions; a map-style dataset for ``torch.utils.data.DataLoader``.

    A step is an action that the format can write. An action whose position is not known is no step of its own, but part
    of the history of later ones. ``len`` needs one pass over the release, the first time. A pickle holds the addresses
    of the release and of the key file, and places that were passed; it holds no keys and no places that were learned
    from the release: each process learns those once.
    """

    def __init__(self, release: Release, plan: StepPlan, address: Address | None = None) -> None:
        """Index the sessions; raise ``UsageError`` where a split is asked for and the release names no users.

        Raises ``RefusedError`` where the reader's key opens none of the columns that actions are made of.
        """
        schema: Any = release.schema("events")
        if not {"box", "nodes", "key"} & set(schema.names):
            raise RefusedError(
                "the reader's key opens no columns of the classes pointer and text, of which steps are made; ask the "
                "owner of the keys for: keyveil keys export --role reader DIR -o FILE, with --up-to text at least"
            )
        self.release, self.plan = release, plan
        self._address = address
        self._index = release.index([name for name in COLUMNS if name in schema.names])
        self._numbers = [
            number
            for number, extent in enumerate(self._index.extents)
            if plan.split is None or split_of(extent.user, plan.seed) == plan.split
        ]
        self._chosen = frozenset(self._numbers)
        self._at_hand: OrderedDict[int, tuple[SessionSteps, list[int]]] = OrderedDict()
        self._starts = [0]

    def __repr__(self) -> str:
        release, split = self.release.manifest.release_id, self.plan.split
        return (
            f"Steps(release={release!r}, split={split!r}, sessions={len(self._numbers)}, users={len(set(self.users))})"
        )

    @property
    def sessions(self) -> tuple[str, ...]:
        """Return the names of the sessions, in order."""
        return tuple(self._index.extents[number].session for number in self._numbers)

    @property
    def users(self) -> tuple[str | None, ...]:
        """Return the user of each of ``sessions``."""
        return tuple(self._index.extents[number].user for number in self._numbers)

    @cached_property
    def places(self) -> Places:
        """Return the places of nodes that the release laid out again; learning takes one pass over its screens.

        It happens at the first step with a replacement on a screen, once for a release in a process. Where a split was
        asked for, the people of ``train`` teach. Nothing is learned where the places are to be as ``released``.
        """
        if isinstance(self.plan.places, Places):
            return self.plan.places
        if self.plan.places == "released":
            return Places()
        return learn_from_release(self.release, None if self.plan.split is None else self.plan.seed)

    def __len__(self) -> int:
        self._count_beyond(None)
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> list[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | list[Step]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        index = index + len(self) if index < 0 else index
        self._count_beyond(index)
        if not 0 <= index < self._starts[-1]:
            raise IndexError(f"the index must be below {self._starts[-1]}, the number of steps; count from 0")
        session = bisect_right(self._starts, index) - 1
        return self._build(self._numbers[session], index - self._starts[session])

    def __iter__(self) -> Iterator[Step]:
        """Yield every step, session by session."""
        for number in self._numbers:
            yield from self._whole(number)

    def screens(self) -> Iterator[Screen]:
        """Yield the screens of these sessions that have nodes, as they were released; one that repeats once."""
        for number in self._numbers:
            yield from self._open(number)[0].screens()

    def share(self, part: int, parts: int) -> Iterator[Step]:
        """Yield the steps of the run ``part`` of ``parts`` runs of sessions; together they are every session once."""
        total = len(self._numbers)
        for number in self._numbers[total * part // parts : total * (part + 1) // parts]:
            yield from self._whole(number)

    def session(self, name: str) -> list[Step]:
        """Read the steps of one session; raise ``UsageError`` where the release, or the split, has none of it."""
        number = self._index.find(name)
        if number not in self._chosen:
            raise UsageError("the session is in another split; open the steps with that split, or with split=None")
        return list(self._whole(number))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by address; raise ``UsageError`` where the keys were given as an object."""
        if self._address is None:
            raise UsageError("keys do not travel between processes; give keys= as the path of the reader's key file")
        return _reopen, (self._address, self.plan, self._starts)

    def _count_beyond(self, index: int | None) -> None:
        """Count the steps of sessions until the one that holds step ``index``; of all where it is null."""
        while len(self._starts) <= len(self._numbers) and (index is None or self._starts[-1] <= index):
            number = self._numbers[len(self._starts) - 1]
            self._starts.append(self._starts[-1] + len(self._open(number)[1]))

    def _whole(self, number: int) -> Iterator[Step]:
        for index in range(len(self._open(number)[1])):
            yield self._build(number, index)

    def _build(self, number: int, index: int) -> Step:
        session, actions = self._open(number)
        extent = self._index.extents[number]
        fields = build_step(session, actions[index], self.plan, self.plan.seed + number)
        return Step(session=extent.session, user=extent.user, number=index, **fields)

    def _open(self, number: int) -> tuple[SessionSteps, list[int]]:
        """Read a session, and the number of each of its steps among its actions; keep the few that were read last."""
        if number not in self._at_hand:
            session = SessionSteps(self._index.events(number), lambda: self.places)
            self._at_hand[number] = session, list_steps(session, self.plan)
        self._at_hand.move_to_end(number)
        while len(self._at_hand) > _SESSIONS_AT_HAND:
            self._at_hand.popitem(last=False)
        return self._at_hand[number]


def _reopen(address: Address, plan: StepPlan, starts: list[int]) -> Steps:
    found = Steps(address.open(), plan, address)
    found._starts = list(starts)  # noqa: SLF001 - its own copy
    return found
