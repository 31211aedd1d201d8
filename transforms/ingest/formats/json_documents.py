"""JSON files and lines of other recorders, read so that one broken line costs one line."""

import json
import re
from collections.abc import Iterator

from transforms.ingest.formats.foreign_format import NOT_DOCUMENT, SessionDraft
from transforms.ingest.formats.glance import decode


def load(content: bytes) -> object:
    """Return the JSON value of a file; raise ``ValueError`` where it holds none."""
    value: object = json.loads(decode(content))
    return value


def lines(content: bytes, draft: SessionDraft) -> Iterator[tuple[int, object]]:
    """Yield number and value of each line; one that is no JSON is refused."""
    for number, line in enumerate(decode(content).split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                draft.refuse(NOT_DOCUMENT, number, line)


def documents(content: bytes, draft: SessionDraft) -> Iterator[tuple[int, object]]:
    """Yield number and value of each document: of the whole file, of the items of its array, or of its lines.

    A broken line is refused; raises ``ValueError`` where the file is no document and has no lines of them.
    """
    text = decode(content).lstrip()
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        first, _, rest = text.partition("\n")
        if not first.startswith("{") or not rest.lstrip().startswith("{"):
            raise
        value, end = None, 0
    if text[end:].strip():
        yield from lines(content, draft)
    else:
        yield from enumerate(value if isinstance(value, list) else [value], start=1)


def has_names(head: bytes, *names: str) -> bool:
    """Return whether the beginning of a file looks like JSON with all of these names of fields."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return text[:1] in {b"{", b"["} and all(
        re.search(rb'"' + re.escape(name.encode()) + rb'"\s*:', text) is not None for name in names
    )


def dicts(value: object) -> list[dict[str, object]]:
    """Return the objects of a list, nothing where it is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
