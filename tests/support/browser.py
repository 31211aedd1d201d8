"""Pages in a real Chromium without network; the browser is Debian's, or the tests that need it are skipped by name."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_LONGEST_MS = 300_000
"""Milliseconds until a step is given up: on a machine with much else to do Chromium takes half a minute to start."""
_LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium; skip the test where none is installed."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    with sync_playwright() as driver:
        # a container has no user namespaces to make the sandbox from
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=found, args=sandbox, timeout=_LONGEST_MS)
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, path: Path, **context: object) -> Iterator[Page]:
    """Open a local page offline; fail where it asks for anything but itself, or where its script fails."""
    asked: list[str] = []
    failed: list[str] = []
    with browser.new_context(offline=True, **context) as opened:  # type: ignore[arg-type]
        opened.set_default_timeout(_LONGEST_MS)
        page = opened.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
        page.goto(path.as_uri())
        yield page
        assert asked == [path.as_uri()]
        assert failed == []


def list_violations(browser: Browser, path: Path, **context: object) -> list[str]:
    """List what axe-core finds against WCAG 2.2, levels A and AA; its own script needs the page's policy off."""
    with open_page(browser, path, bypass_csp=True, **context) as page:
        found = Axe().run(page, options={"runOnly": _LEVELS})
        return [item["id"] for item in found.response["violations"]]
