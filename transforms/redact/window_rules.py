"""Rules that an organisation adds: expressions for applications, hosts and titles of windows."""

import re
from collections.abc import Iterable, Sequence

from schemas.errors import UsageError


class WindowRules:
    """Regular expressions for whole applications or hosts, or parts of titles, in any case.

    Raises ``UsageError``, naming the ``setting`` that they are from, for one that does not compile.
    """

    def __init__(self, patterns: Sequence[str], setting: str) -> None:
        try:
            rules = [f"(?:{pattern})" for pattern in patterns if re.compile(pattern)]
        except re.error:
            raise UsageError(f"redact.{setting} holds a regular expression that does not compile; correct it") from None
        self._rule = re.compile("|".join(rules), re.IGNORECASE) if rules else None

    def match(self, app: str | None, title: str | None, hosts: Iterable[str]) -> bool:
        """Return whether a rule is about a window."""
        rule = self._rule
        if rule is None:
            return False
        return bool(
            (app and rule.fullmatch(app.strip())) or any(map(rule.fullmatch, hosts)) or rule.search(title or "")
        )
