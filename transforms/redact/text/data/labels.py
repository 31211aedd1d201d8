r"""Labels of programs with their translations, from catalogues of several formats.

Gettext, Fluent, Qt's kin, JSON, YAML, PHP and ``.strings``: ``read_labels(Path("mail-reader"), "de")`` yields pairs as
``("Reply", "Antworten")``. A folder holds one unpacked program; ``.po`` files are compiled before (``msgfmt``).
"""

import gettext
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

LANGUAGES = {
    "de": ("de", "de_DE", "de-DE", "German"),
    "fr": ("fr", "fr_FR", "French"),
    "es": ("es", "es_ES", "es-ES", "SpanishSpain"),
    "it": ("it", "it_IT", "Italian"),
    "pl": ("pl", "pl_PL", "Polish"),
    "nl": ("nl", "nl_NL", "Dutch"),
    "sv": ("sv", "sv_SE", "sv-SE", "Swedish"),
    "tr": ("tr", "tr_TR", "TurkishTurkey"),
    "ru": ("ru", "ru_RU", "Russian"),
    "ja": ("ja", "ja_JP", "Japanese"),
    "zh": ("zh_CN", "zh-CN", "zh_Hans", "ChineseChina", "zh"),
    "pt": ("pt", "pt_PT", "pt-PT", "pt_BR", "pt-BR", "Portuguese", "BrazilianPortuguese"),
    "cs": ("cs", "cs_CZ", "Czech"),
    "ko": ("ko", "ko_KR", "Korean"),
}
"""Names of the folder or the file of each language in programs."""
_ENGLISH = ("en", "en_US", "en-US", "en_EN", "English")
_KEYED = {
    ".ftl": re.compile(r"^(-?[\w-]+|\s+\.\w+) =[ \t]*(\S.*)$", re.MULTILINE),
    ".dtd": re.compile(r'<!ENTITY\s+([\w.-]+)\s+"([^"]*)">'),
    ".properties": re.compile(r"^([\w.-]+)\s*=[ \t]*(.*)$", re.MULTILINE),
    ".yml": re.compile(r"^\s+(\w+): [\"']?(.*?)[\"']?$", re.MULTILINE),
    ".inc": re.compile(r"^\$(?:labels|messages)\['([\w-]+)'\] = '(.*)';", re.MULTILINE),
    ".strings": re.compile(r'^"?([^"]+?)"? = "(.*)";', re.MULTILINE),
    ".mjs": re.compile(r'^var ([\w$]+) = "(.*)";', re.MULTILINE),
}
"""Lines of a format that give a key and its text; of a Fluent file an attribute belongs to the key above it."""
_CONTEXT = re.compile(r"^.*\x04", re.DOTALL)


def read_labels(program: Path, language: str) -> Iterator[tuple[str, str]]:
    """Yield the English texts of the program in a folder with what it shows for them in a language."""
    for path in sorted(path for path in program.rglob("*") if path.is_file()):
        for code in LANGUAGES[language]:
            if {code, f"{code}.lproj"} & {*path.parts} or re.search(rf"(?:^|-){code}$", path.stem):
                yield from _read(path, code)
                break


def _read(path: Path, code: str) -> Iterator[tuple[str, str]]:
    if path.suffix == ".mo":
        yield from _read_gettext(path)
    elif path.suffix in _KEYED or path.suffix == ".json":
        english = _find_english(path, code)
        if english is not None:
            known, told = _read_keyed(english), _read_keyed(path)
            yield from ((known[key], text) for key, text in told.items() if key in known)


def _find_english(path: Path, code: str) -> Path | None:
    """Find the file that says in English what another says in the language ``code``."""
    spelling = re.compile(rf"(?:(?<=[/-])|^){code}(?=[./]|$)")
    places = (Path(spelling.sub(name, str(path))) for name in _ENGLISH)
    return next((place for place in places if place != path and place.is_file()), None)


def _read_gettext(path: Path) -> Iterator[tuple[str, str]]:
    with path.open("rb") as file:
        try:
            catalogue = vars(gettext.GNUTranslations(file))["_catalog"]
        except (UnicodeDecodeError, OSError, ValueError):
            return
    for source, text in catalogue.items():
        plain = source[0] if isinstance(source, tuple) else source
        if plain and isinstance(text, str):
            yield _CONTEXT.sub("", plain), text


def _read_keyed(path: Path) -> Mapping[str, str]:
    """Read the texts of a file by their keys."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".json":
        try:
            return dict(_list_leaves(json.loads(text), ""))
        except json.JSONDecodeError:
            return {}
    found, key = dict[str, str](), ""
    for name, words in _KEYED[path.suffix].findall(text):
        key = name if not name[0].isspace() else f"{key.partition('.')[0]}{name.strip()}"
        found[key] = words
    return found


def _list_leaves(item: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(item, dict):
        for name, inner in item.items():
            yield from _list_leaves(inner, f"{key}|{name}")
    elif isinstance(item, str):
        yield key, item
