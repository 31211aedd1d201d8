"""Message catalogues of programs (gettext), a source of the words that interfaces are written in."""

import gettext
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_FOLDERS = {"pt": ("pt", "pt_BR")}
_PROPER_NAMES = re.compile(r"^iso_|timezones?[.]mo$")
"""Catalogues that list proper names: of countries, languages, places."""
_MARK = re.compile(r"(?<=\w)[_&~](?=\w)|[_&~](?=\w)")
"""The mark of an access key: ``_Datei``, ``S&uchen``."""
_MOST_CHARS = 400


def read_messages(catalogues: Sequence[Path], language: str) -> Iterator[str]:
    """Yield the translated messages below ``catalogues`` without marks of access keys, nor those that name people."""
    for root in catalogues:
        for folder in _FOLDERS.get(language, (language,)):
            for path in sorted((root / folder / "LC_MESSAGES").glob("*.mo")):
                if not _PROPER_NAMES.search(path.name):
                    yield from _read_catalogue(path)


def _read_catalogue(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        try:
            catalogue = vars(gettext.GNUTranslations(file))["_catalog"]
        except (UnicodeDecodeError, OSError):
            return
    for source, text in catalogue.items():
        if not isinstance(source, str) or not isinstance(text, str) or len(text) > _MOST_CHARS:
            continue
        if source and text != source and "@" not in text and not _names_people(source):
            yield _MARK.sub("", text)


def _names_people(source: str) -> bool:
    return "translator" in source.lower() or source.startswith(("Your names", "Your emails"))
