"""Technical text: code, logs, command lines and identifiers, in which hardly any word is a name of a person.

``def load_user(self)`` is a technical line, ``useCallback`` a technical token of any line. A mail address, a link and
the value of ``user=Anna`` are not technical: names stand in them.
"""

import keyword
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"\S{1,400}")
_NAMES_PEOPLE = re.compile(
    r"@[\w-]+\.|^\W{0,3}[a-z][a-z0-9+.-]{1,15}://|^www\."
    r"|\.(?:docx?|pdf|xlsx?|pptx?|od[tsp]|rtf|txt|csv|eml|msg|vcf|jpe?g|png)\b",
    re.IGNORECASE,
)
"""Mail addresses, links and names of documents: people stand in them."""
_IDENTIFIER = re.compile(
    r"""
    [a-z0-9]_[a-z0-9] | [A-Z0-9]_[A-Z0-9] | __          # load_user, HAVE_TIMES
    | (?<!\w)(?!Ma?c[A-Z]|De[A-Z]|Di[A-Z])\w*?[a-z]{2}[A-Z][a-z]   # useCallback
    | :: | -> | => | [=!<>]= | && | \|\| | \(\) | \[\] | [{}] | </ | /> | \$\{ | ;$
    | ^--?[A-Za-z] | ^\$\w                               # --verbose
    | ^[~.]{0,2}/\w | \w/[\w.-]+/ | \\\w+\\ | \.\w{1,5}:\d  # src/app/main.c:12
    | ^["'(\[]{0,2}[A-Za-z_]\w+\.[A-Za-z_]\w+(?:\.[A-Za-z_]\w+|\() | ^[a-z_]\w+\([^)]*\)?[;:,]?$
    | ^lib[a-z0-9]{2,} | -(?:dev|doc|dbg|common|utils|bin|base|core|server|client|cli|js|py)$
    | ^[(\[|]?`{1,2}[^\s`@]+` | ^\|[\w-]+\| | ^\(?b['"]   # `dill`, |docs|, b'max-age'
    | ^["'(]{0,2}(?:application|audio|font|image|message|model|multipart|text|video)/[\w.+-]+   # image/png
    | \dx[0-9a-f]{2} | ^v?\d+\.\d+\.\d+ | ^[A-Z][A-Za-z]+/v?\d | @sha\d{1,3}:
    """,
    re.VERBOSE,
)
_LINE = re.compile(
    r"""
    (?<!\S)[\[(]?(?:\d{4}-\d\d-\d\d[T ]|\w{3}\ +\d{1,2}\ )?\d\d:\d\d:\d\d            # 09:12:44 up 41 days
    | ^\W{0,3}\d{4}-\d\d-\d\dT\d\d:\d\d
    | (?:^|[\[\s|:])(?:INFO|WARN|WARNING|ERROR|DEBUG|FATAL|TRACE|NOTICE)(?:[\]\s|:]|$)
    | ^\s*(?:sudo\ |[$\#>]\ )?(?:git|docker|npm|npx|kubectl|pip3?|apt(?:-get)?|yarn|cargo|helm|curl|wget|brew|ssh|scp
        |systemctl|terraform|gcloud|chmod|chown|grep|mkdir|psql|conda|mamba|poetry|pipx|cmake|pytest
        |python3?\ -m)\ [\w./@-]
    | ^\s*(?:\$|>>>|\.\.\.|PS\ \S+>|\S+@[\w.-]+[:~]\S*[$\#])\ \S
    | ^\s*(?:def|class|import|return|const|let|var|function|public|private|static|elif|async|await|struct|enum|fn|impl
        |use|\#include|\#define|package|namespace|using)\ \S.*[({;:=*.]
    | ^\s*(?:SELECT|INSERT\ INTO|UPDATE|CREATE\ TABLE|ALTER|DROP|FROM|WHERE|JOIN)\ \S.*[({;:=*.]
    | ^\s*(?:from\ [\w.]+\ import|if\ \(|for\ \(|while\ \(|else\s*\{|try\s*[:{]|\#!|/\*|\*/|@\w+\s*[({]?$)
    | ^\s*(?:at\ \S+\ ?\(|File\ ")                                                     # lines of a stack trace
    | [{;]\s*$ | \):\s*$ | ^\s*[}\])]+[;,)]*\s*$ | ^[bcdlps-](?:[r-][w-][xsStT-]){3}
    | ^=\w+\( | ^\s*```\w*\s*$ | ^\s*\.\.\ \w[\w-]*::
    """,
    re.VERBOSE,
)
_SHARE, _LEAST_TOKENS = 3, 2
"""A line with two technical tokens or more, and one in three, is technical."""
_FIGURES = re.compile(r"[\d.,:%/+-]*\d[\d.,:%/+-]*[KMGTkB]?|[?-]")
_LEAST_COLUMNS = 5
"""A line of five columns or more, half of them figures, is a row of a listing."""
_KEY = re.compile(r"[\"']?[A-Za-z_][\w.-]{0,40}[\"']?(?==\S)")
"""The key of ``lon=9.43``; a name may stand in the value."""


_ZONE = re.compile(
    r"""
    (?:[^\W\d_]+\ )?
    (?:am[eé]ri[ck] | afri[ck] | [aá]frica | a[sz]i | [aá]sia | azj | asy | austr[aá]li | atl[aâá]nt | ant[aá]r[ck]t
        | ar[ck]ti | europ | avrup | pa[cs]ifi | ocean | oceaan | stilla | indische?[mnrs]? | [^\W\d_]*okyanus)[^\W\d_]*
    (?:[ _][^\W\d_]+)?
    /\S[^/]*(?:/\S[^/]*)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A continent or ocean in one of twelve languages, and a place: ``Amerika/Rankin_Inlet``, ``Ocean Spokojny/Majuro``."""


KEYWORDS = frozenset(keyword.kwlist) | frozenset(
    """elsif elseif endif fi esac done then unless until begin end rescue ensure fn func function sub impl struct enum
    trait switch case default const let var val mut pub mod use require include void int long char float double
    bool boolean str string null nil none undefined true false self this super extern static final public private
    protected namespace typedef typeof sizeof new delete throw catch args argv""".split()
)
"""Keywords and built-in types of common programming languages: ``elif`` is a given name too."""


@dataclass(frozen=True, slots=True)
class TechnicalText:
    """Technical tokens of a line, as sorted ranges, and whether the line as a whole is technical."""

    starts: Sequence[int]
    ends: Sequence[int]
    whole: bool

    def holds(self, start: int, end: int) -> bool:
        """Return whether a range lies in a technical token."""
        at = bisect_right(self.starts, start) - 1
        return at >= 0 and end <= self.ends[at]


PLAIN = TechnicalText((), (), whole=False)


def read_technical(line: str) -> TechnicalText:
    """Find the technical tokens of a line; time is linear in its length.

    >>> found = read_technical("call useCallback in src/app/main.ts:12 for Anna")
    >>> found.holds(5, 16), found.holds(43, 47), found.whole
    (True, False, True)
    """
    if line.isalpha() or not line.strip():
        return PLAIN
    tokens = list(_TOKEN.finditer(line))
    found = [token.span() for token in tokens if _is_technical(token[0])]
    whole = (len(found) >= _LEAST_TOKENS and len(found) * _SHARE >= len(tokens)) or _LINE.search(line) is not None
    whole = whole or ("  " in line and _is_row([token[0] for token in tokens]))
    keys = [key.span() for token in tokens if (key := _KEY.match(line, token.start())) and token.span() not in found]
    ranges = sorted([*found, *keys])
    return TechnicalText([start for start, _ in ranges], [end for _, end in ranges], whole)


def is_time_zone(line: str) -> bool:
    """Return whether a line is the name of a time zone in one of twelve languages.

    >>> is_time_zone("Amerika/Rankin_Inlet"), is_time_zone("Anna/Ben")
    (True, False)
    """
    return "/" in line and _ZONE.fullmatch(line) is not None


def _is_technical(token: str) -> bool:
    return _IDENTIFIER.search(token) is not None and _NAMES_PEOPLE.search(token) is None


def _is_row(tokens: Sequence[str]) -> bool:
    """Return whether ``tokens`` are a row of a listing, of processes or files: ``root 2 0 0 May01 ? 00:00:00 sh``."""
    if len(tokens) < _LEAST_COLUMNS:
        return False
    return sum(_FIGURES.fullmatch(token) is not None for token in tokens) * 2 >= len(tokens)
