"""Every text of a recording, found by parsers that the adapters do not use, with the names on the way to it."""

import ast
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import fromstring

import msgpack
from mcap.reader import make_reader

from transforms.ingest.formats import sqlite_tables, zip_members
from transforms.ingest.formats.desktop import owamcap

_KINDS = (
    "type", "source", "class_", "class", "kind", "tagName", "method", "key", "tag", "eventName", "function",
)  # fmt: skip
"""Fields that name the kind of a record: their values are names on the way, and no texts."""


_CODE = re.compile(r"(?:pyautogui|computer)\.")


class Leaf(NamedTuple):
    """A text, and the names on the way to it: tables, columns, fields, tags, kinds of records."""

    names: tuple[str, ...]
    text: str


def list_leaves(path: Path) -> list[Leaf]:
    """List the texts of a file or folder that say something; numbers and blanks do not."""
    files = sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else [path]
    found = (leaf for file in files for leaf in _read((file.name,) if path.is_dir() else (), file.read_bytes()))
    return [leaf for leaf in found if any(map(str.isalpha, leaf.text)) and leaf.text != "null"]


def _read(names: tuple[str, ...], content: bytes) -> Iterator[Leaf]:
    if content.startswith(zip_members.MAGIC):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                if member.endswith(".trace"):
                    yield from _read_json(names, archive.read(member).decode())
                else:
                    yield Leaf(("resources",), member)
    elif content.startswith(sqlite_tables.MAGIC):
        yield from _read_database(content)
    elif content.startswith(owamcap.MAGIC):
        for _, channel, message in make_reader(io.BytesIO(content)).iter_messages():
            yield from _walk((channel.topic,), json.loads(message.data))
    elif content.startswith(b"\xdc"):
        for _, (kind, data) in msgpack.unpackb(content):
            yield from _walk((kind,), data)
    else:
        yield from (_read_xml if content.startswith(b"<") else _read_json)(names, content.decode())


def _read_xml(names: tuple[str, ...], text: str) -> Iterator[Leaf]:
    for action in fromstring(text).iter():  # noqa: S314 - our own samples
        for name, value in (*action.attrib.items(), (action.tag, action.text or "")):
            quoted = re.findall(r'"([^"]*?)(?: \(\w+\))?"', value) if name == "Description" else [value]
            yield from (Leaf((*names, action.tag, name), part) for part in quoted)


def _read_database(content: bytes) -> Iterator[Leaf]:
    base = sqlite3.connect(":memory:")
    base.deserialize(content)
    tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        rows = base.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own samples
        columns = [column for column, *_ in rows.description]
        for row in rows:
            for column, value in zip(columns, row, strict=True):
                if isinstance(value, str):
                    yield from _walk((table, column), json.loads(value) if value[:1] in {"{", "["} else value)
    base.close()


def _read_json(names: tuple[str, ...], text: str) -> Iterator[Leaf]:
    text = re.sub(r"^[^\[{]*=\s*", "", text.strip()).rstrip(";")
    try:
        yield from _walk(names, json.loads(text))
    except ValueError:
        for line in filter(str.strip, text.splitlines()):
            yield from _walk(names, json.loads(line))


def _walk(names: tuple[str, ...], value: object) -> Iterator[Leaf]:
    """Yield the texts below a value; a record counts by its kind, an element of a page by its tag."""
    if isinstance(value, dict):
        here = (*names, *(str(value[name]) for name in _KINDS if isinstance(value.get(name), str | int)))
        for name, item in value.items():
            if name == "html" and isinstance(item, list):
                yield from _walk_snapshot((*here, name), item)
            elif name not in _KINDS or not isinstance(item, str):
                yield from _walk((*here, name), item)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(names, item)
    elif isinstance(value, str):
        yield from _statements(names, value) if _CODE.match(value) else [Leaf(names, value)]


def _walk_snapshot(names: tuple[str, ...], node: list[object]) -> Iterator[Leaf]:
    """Yield the texts of a page of Playwright: ``["P", {"class": "a"}, "text"]``."""
    if isinstance(node[0], str):
        here = (*names, node[0].lower())
        yield from _walk((*here, "attributes"), node[1] if len(node) > 1 else {})
        for child in node[2:]:
            yield from _walk_snapshot(here, child) if isinstance(child, list) else [Leaf((*here, "textContent"), child)]


def _statements(names: tuple[str, ...], code: str) -> Iterator[Leaf]:
    """Yield the texts in statements of pyautogui, by the name of what is called."""
    for call in ast.walk(ast.parse(code)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            for item in ast.walk(call):
                if isinstance(item, ast.Constant) and isinstance(item.value, str):
                    yield Leaf((*names, call.func.attr), item.value)
