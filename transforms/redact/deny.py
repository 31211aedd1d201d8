"""Stretches of a session that are dropped whole: private windows, password managers, banking, health, HR."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.errors import UsageError

_APPS = (
    r"1password|bitwarden|keepass\w*|lastpass|dashlane|enpass|nordpass|roboform|proton ?pass|keychain access"
    r"|gnome-keyring|seahorse|kwalletmanager|credential manager"
)
_SITES = (
    r"(?:vault|my|start|app)\.(?:1password|bitwarden|lastpass|dashlane|nordpass)\.\w+"
    r"|[\w.-]*(?:online|e)?-?bank(?:ing)?[\w-]*\.[a-z.]+|(?:\w+\.)*paypal\.com|wise\.com|revolut\.com"
    r"|(?:\w+\.)*(?:mychart|patient|nhs|doctolib|teladoc|zocdoc)[\w-]*\.[a-z.]+"
    r"|(?:\w+\.)*(?:workday|bamboohr|personio|successfactors|gusto|rippling|adp)\.(?:com|de|eu)"
)
_PRIVATE_TITLE = r"\b(?:inprivate|incognito|private browsing|privates? fenster|navigation privée)\b"


@dataclass(frozen=True, slots=True)
class DenyList:
    """Compiled rules; ``extra`` adds regular expressions for applications, hosts or titles."""

    extra: tuple[str, ...] = ()
    _app: re.Pattern[str] = field(init=False, repr=False)
    _host: re.Pattern[str] = field(init=False, repr=False)
    _title: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            rules = [f"(?:{rule})" for rule in self.extra if re.compile(rule)]
        except re.error:
            raise UsageError("redact.denied holds a regular expression that does not compile") from None
        object.__setattr__(self, "_app", re.compile("|".join([rf"(?:{_APPS})(?:\.exe|\.app)?", *rules]), re.IGNORECASE))
        object.__setattr__(self, "_host", re.compile("|".join([_SITES, *rules]), re.IGNORECASE))
        object.__setattr__(self, "_title", re.compile("|".join([_PRIVATE_TITLE, *rules]), re.IGNORECASE))

    def denies(self, app: str | None, title: str | None, url: str | None, *, private: bool) -> bool:
        """Whether what follows a ``focus`` event with these values is dropped."""
        if private or (app and self._app.fullmatch(app.strip())):
            return True
        if title and self._title.search(title):
            return True
        host = re.match(r"[a-z][a-z0-9+.-]*://(?:[^/@]*@)?([^/:?#]+)", url or "", re.IGNORECASE)
        return bool(host and self._host.fullmatch(host[1]))


def denied_stretches(
    focus_rows: Sequence[int], denied: Sequence[bool], session_ends: Sequence[int]
) -> list[tuple[int, int]]:
    """Return half-open row ranges that are dropped.

    ``focus_rows`` are the rows of all focus events of a batch in order, ``denied`` says which open a dropped stretch,
    ``session_ends`` is for each the end row of its session. Neighbouring denied stretches of a session are joined.
    """
    stretches: list[tuple[int, int]] = []
    for position, (row, drop) in enumerate(zip(focus_rows, denied, strict=True)):
        if not drop:
            continue
        following = focus_rows[position + 1] if position + 1 < len(focus_rows) else session_ends[position]
        end = min(following, session_ends[position])
        if stretches and stretches[-1][1] == row and row != session_ends[position - 1]:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((row, end))
    return stretches
