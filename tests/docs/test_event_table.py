"""The table of ``--journal`` lines in docs/operating.md names every message that the code writes, and no other."""

import re
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_TOLD = re.compile(r'\b(?:tell|warn)\(\s*"([^"]+)"')
_ROW = re.compile(r"^\| `([a-z ]+)` \|", re.MULTILINE)


def test_every_message_of_a_journal_is_in_the_table() -> None:
    written = {
        message
        for path in (_ROOT / "pipelines").rglob("*.py")
        for message in _TOLD.findall(path.read_text(encoding="utf-8"))
    }
    page = (_ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    table = page.split("| message | adds |")[1].split("\n\n")[0]
    assert len(written) > 10
    assert set(_ROW.findall(table)) == written
