r"""Source code: its identifiers, keywords, decorators and rows of numbers are no people, user names or places.

``elif hue < 1:`` holds a given name and a rare word, ``@size`` looks like a handle. A text is code if half of its lines
are statements once comments and strings are left out. Comments and strings are read as before: people stand in them.
"""

import re
from collections.abc import Iterator, Sequence

from schemas.entities import EntityType, Span
from transforms.redact.text.technical import KEYWORDS
from transforms.redact.text.word_lists import is_listed

_BRACKETS = re.compile(r"[()\[\]{}<>;,\s]*")
_PROSE = re.compile(r"[^\W\d_]{2,},?[ ][^\W\d_]+,?[ ][^\W\d_]{2,}")
"""Three words in a row."""
_QUOTED = re.compile(
    r"""
    \"{3}.*?(?:\"{3}|\Z) | '{3}.*?(?:'{3}|\Z) | "(?:[^"\\\n]|\\.){0,300}"
    | '(?:[^'\\\n]|\\.){0,300}' | `(?:[^`\\]|\\.){0,300}`
    | /\*.*?(?:\*/|\Z) | (?<!:)//[^\n]*
    | \#(?!(?:include|define|ifn?def|if|endif|elif|else|undef|pragma|import)\b|\{)[^\n]*
    | ^[ \t]*(?:\*(?!\w)|--[ ])[^\n]*
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
"""Strings and comments of most languages; ``#{`` stands in strings of Ruby, ``#include`` is code."""
_STATEMENT = re.compile(
    r"""
    ^(?:[\w.$>*&\[\], -]+[ ])?\S+[ ]?(?:[-+*/%|&^:]|\*\*|//|<<|>>|\?\?|\|\|)?=[^=~].*\w[(\[] | ;$        # x = f(y)
    | ^(?:self\.|this\.|[@$])\w+[ ][-+*/|]?=[ ]
    | ^(?:pub|public|private|protected|static|final|export|default|async|abstract)[ ].*[({:;,]$
    | ^(?:def|class|fn|func|function|sub|impl|struct|enum|interface|trait|namespace|module|package|type|fun)[ ]\w
        .*[({:;)\]]$
    | ^(?:def|class|module|sub)[ ]\w[\w.:?!<= ]*$
    | ^(?:if|elif|elsif|else|for|foreach|while|until|unless|with|try|except|catch|finally|switch|case|match|when|do
        |begin|return|raise|throw|yield|assert|await|del|let|const|var|my|our|use|import|from|require|include|extern)\b
        (?=.*(?:[:;{]$|[\w\])][(\[]|[=!<>]=|&&|\|\||->|=>|::|[$@%]\w|\w\.\w))
    | ^(?:else|end|fi|done|esac|begin|rescue|ensure|pass|break|continue|return|do|then)[:{]?$
    | ^from[ ][\w.]+[ ]import[ ] | ^import[ ][\w.]+(?:[ ]as[ ]\w+)?$
    | ^\#(?:include|define|if|endif|elif|else|undef|pragma)\b
    | ^[\w.:>$@-]+\([^()]*(?:\)[;,)]*|,|\()?$ | \w(?:\.|->|::)\w+\( | ^[})\]]+.*[({;]$ | ^@\w[\w.]*(?:\(.*)?$
    """,
    re.VERBOSE,
)
_LEAST_STATEMENTS = 3
_SIGNS = ("(", "=", ";", "{")
"""Code holds one of these; a text without them is not looked at closely."""
_LONGEST, _LONGEST_LINE = 1 << 16, 300
"""Most characters of a text that is judged, and of a line: patterns may take time that grows with its square."""
_NAME = re.compile(r"\w+")
_USE = re.compile(
    r"""
    (?<![\w@.-])(?P<called>[A-Za-z_]\w*)(?=!?\()                                # f(
    | (?<![\w@.-])(?P<object>[A-Za-z_]\w*)(?=(?:\.|->|::)(?P<attribute>[A-Za-z_]\w*)(?![\w.@-]|->))   # a.b
    | (?<=\w[.])(?P<member>[A-Za-z_]\w*)(?![\w@-])                              # x.a
    | (?<![\w@.-])(?P<indexed>[A-Za-z_]\w*)(?=\[)                               # a[
    | (?<=[(\[,*&!$])(?P<argument>[A-Za-z_]\w*)(?=[ ]?(?:[)\],:=]|->|;))        # (a, b=1)
    | (?<=,[ ])(?P<next>[A-Za-z_]\w*)(?=[ ]?(?:[)\],:=]|;|[ ]in[ ]))
    | (?<![\w@.-])(?P<operand>[A-Za-z_]\w*)(?=[ ]?(?:[-+*/%|&^]?=[^>]|[<>!=]=|[<>+*/%&|^][ ]|[ ]in[ ]|:=|\+\+|--))
    | (?<=:[ ])(?P<type>[A-Z]\w*)(?=[ ]?[,;)\]<={])                           # x: T = y
    | (?:(?<=[=<>+*/%&|^!][ ])|(?<==))(?P<operated>[A-Za-z_]\w*)(?=[ ]?(?:[;,)\]]|[-+*/%&|<>=]))
    | \b(?:for|as|import|lambda|del|let|const|var|mut|my|def|fn|func|function|return|not|in|await|new)[ ]
      \$?(?P<named>[A-Za-z_]\w*)(?=[ ]?(?:[:;,)\](=]|$|[ ]in[ ]|[ ]if[ ]|[ ]=))
    """,
    re.VERBOSE | re.MULTILINE,
)
_LONGEST_NUMBERS = _LONGEST_TAG = 80
"""Most characters around a place in which its row is looked for, and before and behind the sign of a tag."""
_NUMBERS = re.compile(r"[-+]?\d{0,3}\.\d+(?:[ ]?[,;][ ]{0,3}[-+]?\d{0,3}\.\d+){2,}")
"""Three decimals or more in a row: a place has two."""
_TAGS = frozenset(
    """abstract access alias api arg argument async attr attribute augments author authors beta borrows brief bug
    callback category class classdesc code const constant constructor constructs copydoc copyright date default
    defaultvalue deprecated desc description details doc enum event example exception exports extends extension
    external file fileoverview filesource final fires function generator global group hideconstructor howto
    ignore implements implementation inherit inheritdoc inner instance interface internal intro ivar kind lends
    license licstart licend link linkcode linkplain listens local main member memberof method mixes mixin module
    name namespace note nocollapse noinspection nosideeffects option optional output overload override overrides
    package param params pre preserve private prop property protected public public-api raise raises readonly
    record ref remarks requires result ret retval return returns sa satisfies sealed section see short signature
    since source static struct subpackage suppress summary swagger template test this throw throws todo transient
    try tutorial type typedef typeparam typeparams types unreleased url usage use uses var variation vargs
    version virtual warning yard yield yieldparam yieldreturn yields""".split()
)
"""Tags of comments that describe code: JSDoc, TSDoc, Javadoc, Doxygen, PHPDoc, YARD."""
_TAG = re.compile(r"(?:[ \t]*(?:/?\*+|//[/!]?|#+|--+|;+|%+)[ \t]*|\{)@(?P<tag>[\w-]+)(?P<colon>:?)")
_COMMENT_BLOCK = re.compile(r"^[ \t]*(?:/\*\*|\*/)", re.MULTILINE)
_SURE = 1.0
"""Score of what a directory holds."""
_SAID = 0.6
"""Score of a user name behind a label; a lower one is guessed."""
_JUDGED = frozenset({EntityType.PERSON, EntityType.USERNAME, EntityType.EMAIL_ADDRESS, EntityType.LOCATION})


def is_code(text: str) -> bool:
    r"""Return whether ``text`` is source code.

    >>> is_code("def f(hue):\n    if hue < 1.0:\n        return g(hue)\n    return 0")
    True
    >>> is_code("Dear Anna,\nif you can, call me (today).\nBen")
    False
    """
    return _may_be_code(text) and _is_code(_mask(text))


def _may_be_code(text: str) -> bool:
    """Return whether a text has the signs and the lines of code, and is not too long to be judged."""
    return len(text) <= _LONGEST and text.count("\n") + 1 >= _LEAST_STATEMENTS and any(map(text.__contains__, _SIGNS))


def _is_code(code: str) -> bool:
    lines = [line[:_LONGEST_LINE] for line in map(str.strip, code.split("\n")) if not _BRACKETS.fullmatch(line)]
    told = [_STATEMENT.search(line) is not None for line in lines]
    prose = sum(_PROSE.search(line) is not None for line, statement in zip(lines, told, strict=True) if not statement)
    return sum(told) >= max(_LEAST_STATEMENTS, prose)


# The words of ``elif hue < 1: hue = f(hue)  # ask Hue`` are those of code up to the comment. ``hue`` is assigned there,
# so it names a variable in each line of code of this text; in the comment it is a word like any other.
def drop_identifiers(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans of ``text``; if it is code, without its identifiers, decorators, tags and rows of numbers.

    What a directory or a label makes certain is kept, and so is a listed name with a capital.
    """
    if not any(span.entity in _JUDGED for span in spans) or len(text) > _LONGEST:
        yield from spans
        return
    block = _COMMENT_BLOCK.search(text) is not None
    spans = [
        span
        for span in spans
        if span.entity is not EntityType.USERNAME or not _is_tag(text, _find_sign(text, span), block=block)
    ]
    if not _may_be_code(text) or not _is_code(code := _mask(text)):
        yield from spans
        return
    used = _list_identifiers(code)
    yield from (
        span
        for span in spans
        if span.entity not in _JUDGED or span.score >= _SURE or not _is_of_code(text, code, span, used)
    )


def _is_of_code(text: str, code: str, span: Span, used: frozenset[str]) -> bool:
    """Return whether a finding is an identifier, a decorator or variable, or part of a row of numbers."""
    value = text[span.start : span.end]
    proper = code[span.start : span.end] == value
    if span.entity is EntityType.LOCATION:
        return proper and _is_in_row(text, span)
    if span.entity is not EntityType.PERSON:
        at = _find_sign(text, span)
        if at >= 0:
            return code[at] == "@" or text[max(at - 2, 0) : at] == "#{"
        return span.entity is EntityType.USERNAME and proper and span.score < _SAID and value in used
    capital = value[:1].isupper() and not value.isupper()
    whole = proper and used.issuperset(_NAME.findall(value))
    return whole and not (capital and is_listed(value) and text[span.end : span.end + 1] != "(")


def _find_sign(text: str, span: Span) -> int:
    """Find the ``@`` with which a finding begins, or right before it; -1 where there is none."""
    for at in (span.start, span.start - 1):
        if text[max(at, 0) : at + 1] == "@":
            return at
    return -1


def _is_tag(text: str, at: int, *, block: bool) -> bool:
    """Return whether the sign at ``at`` begins a tag at the start of a comment, or in braces: ``* @param``.

    In a text with a ``block`` of comments any word before a colon is one: ``* @user_data: what is passed``.
    """
    if at < 0:
        return False
    begin = text.rfind("\n", max(at - _LONGEST_TAG, 0), at) + 1
    begin = at - 1 if text[max(at - 1, 0) : at] == "{" else begin
    found = _TAG.match(text, begin, at + _LONGEST_TAG) if at - begin <= _LONGEST_TAG else None
    if found is None or found.start("tag") != at + 1:
        return False
    return found["tag"].lower() in _TAGS or (block and bool(found["colon"]))


def _is_in_row(text: str, span: Span) -> bool:
    """Return whether two numbers are part of a row of three or more."""
    begin = max(text.rfind("\n", 0, span.start) + 1, span.start - _LONGEST_NUMBERS)
    return any(
        row.start() <= span.start and span.end <= row.end()
        for row in _NUMBERS.finditer(text, begin, span.end + _LONGEST_NUMBERS)
    )


def _list_identifiers(code: str) -> frozenset[str]:
    """List the keywords, and the words that stand where only an identifier stands: ``f(``, ``a.b``, ``for a in``.

    ``anna.smith`` may be a handle, so that a listed name behind the point is no sign.
    """
    found = set(KEYWORDS)
    for use in _USE.finditer(code):
        word = use[use.lastgroup or 0] if use.lastgroup != "attribute" else use["object"]
        if use.lastgroup == "attribute" and is_listed(use["attribute"]):
            continue
        if use.lastgroup == "member" and is_listed(word):
            continue
        found.add(word)
    return frozenset(found)


def _mask(text: str) -> str:
    """Blank out strings and comments; a screen that begins inside one is blank up to its end."""
    start = _find_begun(text)
    blank = _blank(text[:start]) if start else ""
    return blank + _QUOTED.sub(lambda found: _blank(found[0]), text[start:])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _find_begun(text: str) -> int:
    """Find the end of a comment or long string in which ``text`` begins; 0 where it begins in code."""
    end = text.find("*/")
    if end >= 0 and not 0 <= text.find("/*") < end:
        return end + 2
    if text.count('"""') % 2:
        at = text.find('"""')
        line = text[text.rfind("\n", 0, at) + 1 : at].rstrip()
        after = text[at + 3 : at + 4]
        if not line.endswith(("=", "(", ",", "return")) and after in {"", "\n"} and (line or at):
            return at + 3
    return 0
