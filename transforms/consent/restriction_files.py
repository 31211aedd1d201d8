"""Files in which people restrict what they agreed to: pauses and exemptions (a table), wishes of a preview (JSON).

A file that leaves any doubt stops the run: it may hold the very stretch that somebody took out.
"""

import json
from collections.abc import Sequence
from functools import reduce
from operator import or_

from schemas.errors import FailedError, RefusedError
from schemas.ids import canonical_id
from transforms.consent.restrictions import Restrictions
from transforms.consent.tables import Line, TableForm, parse_instant, parse_user, read_lines
from transforms.object_store.addresses import content_of

PAUSES = TableForm(
    ("user_id", "kind", "starts_at", "ends_at", "granted_by"),
    "pauses",
    "the file of pauses",
    "--pauses or consent.pauses",
)
PAUSE, EXEMPTION = "pause", "exemption"
"""Kinds of lines: a person's own, and one that the role in ``granted_by`` excludes."""
WISHES_FORMAT = "keyveil-wishes-1"

OPEN = 1 << 62
"""End of a pause that has none yet."""
_WORD_CHARS = range(2, 201)
_MOST_WISHES = 10_000
_LARGEST_SEQ = (1 << 62) - 1


def read_restrictions(
    pauses: str | None, wishes: Sequence[str], *, fold_case: bool, option: str = "--wishes"
) -> Restrictions:
    """Read a file of pauses and files of wishes, which errors call by ``option`` and number.

    Raises ``RefusedError`` where one leaves any doubt.
    """
    read = [read_pauses(pauses, fold_case=fold_case)] if pauses is not None else []
    read += [
        _read_wishes(path, f"file {number} of {option}", fold_case=fold_case) for number, path in enumerate(wishes, 1)
    ]
    return reduce(or_, read, Restrictions())


def read_pauses(path: str, *, fold_case: bool) -> Restrictions:
    """Read pauses and exemptions, one interval a line; an empty ``ends_at`` is open.

    A pause is a person's own. An exemption names in ``granted_by`` the role that granted it.
    """
    intervals: dict[str, list[tuple[int, int]]] = {}
    for line in read_lines(path, PAUSES):
        user, interval = _parse_pause(line, fold_case=fold_case)
        intervals.setdefault(user, []).append(interval)
    return Restrictions({user: tuple(listed) for user, listed in intervals.items()})


def read_exempt(path: str, *, fold_case: bool) -> frozenset[str]:
    """Read who has an exemption, whenever it holds; raise ``RefusedError`` as ``read_pauses`` does."""
    parsed = [(line, _parse_pause(line, fold_case=fold_case)) for line in read_lines(path, PAUSES)]
    return frozenset(user for line, (user, _) in parsed if line.cells["kind"] == EXEMPTION)


def _parse_pause(line: Line, *, fold_case: bool) -> tuple[str, tuple[int, int]]:
    cells, where = line.cells, line.where
    if cells["kind"] not in (PAUSE, EXEMPTION):
        raise RefusedError(f"{where}: kind must be {PAUSE} or {EXEMPTION}; correct the line")
    if cells["kind"] == EXEMPTION and not cells["granted_by"].strip():
        raise RefusedError(f"{where}: an exemption names in granted_by the role that granted it; correct the line")
    begin = parse_instant(cells["starts_at"], where, "starts_at")
    end = parse_instant(cells["ends_at"], where, "ends_at") if cells["ends_at"].strip() else OPEN
    if end <= begin:
        raise RefusedError(f"{where}: ends_at is not after starts_at; correct the line")
    return parse_user(cells["user_id"], where, fold_case=fold_case), (begin, end)


def _read_wishes(path: str, where: str, *, fold_case: bool) -> Restrictions:
    """Read the wishes that a person saved from their preview; errors say ``where``, not who saved them."""
    try:
        wishes = json.loads(_read(path, where))
    except (ValueError, RecursionError):
        raise RefusedError(f"{where} is not JSON; save it again from the preview") from None
    if not isinstance(wishes, dict) or wishes.get("format") != WISHES_FORMAT:
        raise RefusedError(f"{where} is not of the format {WISHES_FORMAT}; save it again from the preview")
    if set(wishes) != {"format", "user", "session", "remove", "private"}:
        raise RefusedError(f"{where} must hold exactly format, user, session, remove, private; save it again")
    user = parse_user(wishes["user"], where, fold_case=fold_case)
    try:
        session = canonical_id(wishes["session"] if isinstance(wishes["session"], str) else "", fold_case=False)
    except ValueError:
        raise RefusedError(f"{where}: session is empty or holds an invisible character; save it again") from None
    remove, private = wishes["remove"], wishes["private"]
    for name, listed in (("remove", remove), ("private", private)):
        if not isinstance(listed, list) or len(listed) > _MOST_WISHES:
            raise RefusedError(f"{where}: {name} must be a list of at most {_MOST_WISHES} wishes; correct it")
    removed = tuple(_parse_removed(item, session, f"{where}, remove {number}") for number, item in enumerate(remove, 1))
    words = tuple(_parse_word(item, f"{where}, private {number}") for number, item in enumerate(private, 1))
    return Restrictions({}, {user: removed} if removed else {}, tuple(sorted(set(words))))


def _parse_removed(item: object, session: str, where: str) -> tuple[str, int, int]:
    stretch = item if isinstance(item, dict) else {}
    first, last = stretch.get("from_seq"), stretch.get("to_seq")
    if set(stretch) != {"from_seq", "to_seq"} or type(first) is not int or type(last) is not int:
        raise RefusedError(f"{where} must hold from_seq and to_seq, whole numbers; correct it")
    if not 0 <= first <= last <= _LARGEST_SEQ:
        raise RefusedError(f"{where}: from_seq must be 0 or more and to_seq no smaller; correct it")
    return session, first, last + 1


def _parse_word(item: object, where: str) -> str:
    word = " ".join(item.split()) if isinstance(item, str) else ""
    if len(word) not in _WORD_CHARS:
        raise RefusedError(f"{where} must be a word or phrase of 2 to 200 characters; correct it")
    return word


def _read(path: str, where: str) -> str:
    try:
        return content_of(path).decode("utf-8-sig")
    except (OSError, FailedError):
        raise RefusedError(f"{where} cannot be read; name a readable file") from None
    except UnicodeDecodeError:
        raise RefusedError(f"{where} is not UTF-8; save it as UTF-8") from None
