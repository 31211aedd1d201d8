from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    from tests.support.browser import open_browser  # noqa: PLC0415 - few tests open a page

    with open_browser() as opened:
        yield opened
