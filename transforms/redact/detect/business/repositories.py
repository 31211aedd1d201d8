"""Repositories and their owners: in addresses of forges, commands of git and titles of windows."""

import re
from collections.abc import Iterator

from schemas.entities import EntityType, Span
from transforms.redact.text.word_lists import WordClass, word_class

_SCORE = 0.85
_PART = r"[\w~-][\w.~-]{0,99}"
_ADDRESS = re.compile(
    rf"""(?ix)
    (?:(?<![\w.@-])(?:https?://|ssh://|git://)?(?:[\w-]{{1,100}}(?::[^\s@/]{{1,300}})?@)?
       (?P<host>(?!(?:docs|help|status|support)\.)(?:[\w-]+\.)*(?:github|gitlab|bitbucket|codeberg|gitea)\.(?!io\b)[\w.-]{{2,40}}
          |ghcr\.io|raw\.githubusercontent\.com|dev\.azure\.com|git\.[\w-]+\.[\w.-]{{2,40}})
     | (?<![\w.-])git@[\w.-]+)                                  # any host that is asked as the user git
    (?::\d+)?[:/]/?
    (?P<path>{_PART}(?:/{_PART}){{0,11}})
    """
)
"""An address of a forge: ``https://github.com/acme/secret-repo/pull/3``, ``git@host.example:acme/secret-repo.git``."""
_PAGES = re.compile(rf"(?i)(?<![\w.-])(?P<owner>[\w-]+)\.(?:github|gitlab)\.io\b(?:/(?P<name>{_PART}))?")
_GIT_URL = re.compile(rf"(?i)\bhttps?://[\w.-]+(?::\d+)?/(?P<path>{_PART}(?:/{_PART}){{0,5}})\.git\b")
_PAIR = rf"(?P<path>{_PART}/{_PART})"
_COMMAND = re.compile(
    rf"(?:\bgh\ repo\ (?:clone|view|fork|create|edit|delete)|--repo[ =]|\s-R)\s?{_PAIR}", re.IGNORECASE | re.VERBOSE
)
_NUMBERED = re.compile(rf"(?<![\w./@-])(?P<path>[\w-]{{1,40}}/{_PART})(?=\#\d+\b)", re.VERBOSE)
"""A reference to an issue: ``acme/secret-repo#12``."""
_CLONING = re.compile(r"\bCloning into '(?P<name>[^'\n/]{1,100})'")
_TITLE = re.compile(
    rf"(?:^|\s[\u00b7|\u2013\u2014-]\s|\)\s)(?P<path>[\w-]{{1,40}}/{_PART})(?=$|:\s|\s[\u00b7|@\u2013\u2014-]\s|\sat\s)"
)
"""A title of a forge: ``Issues \u00b7 acme/secret-repo``, ``acme/secret-repo: its description``."""
_HEADER = re.compile(r"^(?P<owner>[\w-]{1,40}) ?/ ?(?P<name>[\w.-]{1,100})(?: ?[\u00b7|].{0,60})?$", re.MULTILINE)
"""A line that names a repository on a page of a forge: ``acme / secret-repo``."""
_OF_FORGES = re.compile(r"(?i)\b(?:(?:pull|merge) requests?|github|gitlab|bitbucket|gitea|codeberg)\b")
_FOLDERS = frozenset(
    """app apps assets bin build cmd config docs examples include internal lib libs packages pkg public scripts src
    test tests tools vendor web""".split()
)
_EDITOR = re.compile(
    r"(?:^|\s[-\u2013\u2014]\s)(?P<name>(?:(?!\s[-\u2013\u2014]\s)[^/\\\n\[(]){1,60}?)(?:\s[\[(][^\])\n]+[\])])?"
    r"\s[-\u2013\u2014]\s(?:Visual Studio Code|VSCodium|Code - OSS|Cursor|Windsurf|Zed)"
)
"""A title of an editor: ``main.py - secret-repo - Visual Studio Code``."""
_FILE = re.compile(r"\.[A-Za-z]{1,4}$")
_FORGE = re.compile("\u00b7|GitHub|GitLab|Bitbucket|Gitea")
_PLACES = frozenset(
    """about account api apps blog collections contact customer-stories dashboard docs enterprise events explore
    features groups help import issues join login logout marketplace new notifications organizations orgs
    pricing pulls readme search security sessions settings signup site sponsors stars status team topics
    trending users watching workspace""".split()
)
"""First parts of a path that name a page of the forge itself."""
_WRAPPERS = frozenset("repos orgs users projects scm groups stash".split())
"""First parts behind which the owner follows."""
_INSIDE = frozenset(
    """- _git actions blob blame branches commit commits compare discussions edit graphs issues merge_requests
    milestones packages pipelines projects pull pull-requests pulls raw refs releases repos security settings
    src tags tree wiki wikis""".split()
)
"""Parts of a path behind a repository's name."""
_PAIR_PARTS, _DEEPEST = 2, 6


def find_repositories(line: str, *, title: bool = False) -> Iterator[Span]:
    """Yield repositories in ``line``, and their owners as organisations; more forms count in a ``title``.

    >>> line = "git clone git@github.com:acme/secret-repo.git"
    >>> [(line[start:end], entity.value) for start, end, entity, _ in find_repositories(line)]
    [('acme', 'ORGANISATION'), ('secret-repo', 'REPOSITORY')]
    """
    if "git" in line or "/" in line:
        for found in _ADDRESS.finditer(line):
            yield from _read_path(line, found, nested="gitlab" in (found["host"] or "gitlab").lower())
        for found in _PAGES.finditer(line):
            yield _name(line, *found.span("owner"), EntityType.ORGANISATION)
            if found["name"]:
                yield _name(line, *found.span("name"))
        for pattern in (_GIT_URL, _COMMAND, _NUMBERED):
            for found in pattern.finditer(line):
                yield from _read_path(line, found, nested=True)
    if "Cloning" in line:
        yield from (_name(line, *found.span("name")) for found in _CLONING.finditer(line))
    if title:
        yield from _read_title(line)


def find_headers(screen: str) -> Iterator[Span]:
    r"""Yield the repository that a line of a forge's page names; a path of a file is none.

    >>> screen = "acme-two / rocket\nPull requests 3\nsrc/main-page"
    >>> [screen[start:end] for start, end, *_ in find_headers(screen)]
    ['acme-two', 'rocket']
    """
    if "/" in screen and _OF_FORGES.search(screen):
        for found in _HEADER.finditer(screen):
            is_file = found["owner"].lower() in _FOLDERS or _FILE.search(found["name"])
            if not is_file and _tells(f"{found['owner']}/{found['name']}"):
                yield _name(screen, *found.span("owner"), EntityType.ORGANISATION)
                yield _name(screen, *found.span("name"))


def _read_title(title: str) -> Iterator[Span]:
    for found in _TITLE.finditer(title):
        if _FILE.search(found["path"]) is None and (_FORGE.search(title) or _tells(found["path"])):
            yield from _read_path(title, found, nested=False)
    editor = _EDITOR.search(title)
    if editor and (editor.start("name") > 0 or _FILE.search(editor["name"]) is None):
        yield _name(title, *editor.span("name"))


def _tells(path: str) -> bool:
    """Return whether a pair is no pair of words: ``and/or`` and ``TCP/IP`` are."""
    return "-" in path or any(word_class(part) in {WordClass.UNKNOWN, WordClass.NAME} for part in path.split("/"))


def _read_path(line: str, found: re.Match[str], *, nested: bool) -> Iterator[Span]:
    """Yield the owners and the name in a path; groups of GitLab are ``nested``, an owner elsewhere is one part."""
    parts = [part.span() for part in re.compile(r"[^/]+").finditer(line, *found.span("path"))]
    if len(parts) > 1 and line[slice(*parts[0])].lower() in _PLACES | _WRAPPERS:
        if line[slice(*parts[0])].lower() not in _WRAPPERS:
            return
        parts = parts[1:]
    elif found.re is _ADDRESS and line[slice(*parts[0])].lower() in _PLACES:
        return
    inside = [number for number, part in enumerate(parts) if number and line[slice(*part)].lower() in _INSIDE]
    if inside and line[slice(*parts[inside[0]])] in {"_git", "repos"} and inside[0] + 1 < len(parts):
        parts = [*parts[: inside[0]], parts[inside[0] + 1]]  # org/project/_git/name, projects/KEY/repos/name
    else:
        parts = parts[: inside[0] if inside else _DEEPEST if nested else _PAIR_PARTS]
    for number, (start, end) in enumerate(parts):
        entity = EntityType.REPOSITORY if number and number == len(parts) - 1 else EntityType.ORGANISATION
        yield _name(line, start, end, entity)


def _name(line: str, start: int, end: int, entity: EntityType = EntityType.REPOSITORY) -> Span:
    """Make the span of a name without ``.git`` and the full stop of a sentence."""
    end = start + len(line[start:end].rstrip("."))
    if line.endswith(".git", start, end) and end - start > len(".git"):
        end -= len(".git")
    return Span(start, end, entity, _SCORE)
