"""The preview as one HTML file: style, script and content inside, and a policy that lets nothing else in."""

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from string import Template
from typing import Any

from pipelines.preview.page_data import LEVELS, thin_out
from schemas.errors import UsageError

MOST_BYTES = 2 << 20
"""Most bytes of a page."""


def render_page(content: Mapping[str, Any]) -> bytes:
    """Render the page, thinned out as far as it must be to stay below ``MOST_BYTES``.

    Raises ``UsageError`` where the session is too large for any page.
    """
    for limit in LEVELS:
        page = _render(thin_out(content, limit))
        if len(page) < MOST_BYTES:
            return page
    raise UsageError("the session is too large for one page; cut the recording into shorter sessions")


def _render(content: Mapping[str, Any]) -> bytes:
    script, style = (_read(f"page.{kind}") for kind in ("js", "css"))
    packed = gzip.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 9, mtime=0)
    return (
        Template(_read("page.html"))
        .substitute(
            script_hash=_digest(script),
            style_hash=_digest(style),
            script=script,
            style=style,
            content=base64.b64encode(packed).decode(),
        )
        .encode()
    )


def _digest(text: str) -> str:
    """Return the digest by which the page's policy allows ``text`` to run or apply."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
