"""Every data file that is shipped has its origin in NOTICE, with the notices that its licence asks to be passed on."""

import re
import subprocess
from pathlib import Path

from tests.support.wheel import PACKAGES

_ROOT = Path(__file__).parents[2]
_NOTICE = (_ROOT / "NOTICE").read_text(encoding="utf-8")


def test_every_shipped_data_file_is_named_and_every_named_file_exists() -> None:
    listed = subprocess.run(
        ["git", "ls-files", *PACKAGES, "keyveil"], cwd=_ROOT, check=True, capture_output=True, text=True
    )
    shipped = {name for name in listed.stdout.splitlines() if Path(name).suffix not in (".py", ".md", ".typed")}
    named = set(re.findall(rf"\b(?:{'|'.join(PACKAGES)})/[\w/.]+\.\w+", _NOTICE))
    assert named == shipped


def test_notices_that_licences_ask_for_are_passed_on() -> None:
    assert "both that copyright notice and this permission notice appear in supporting" in _NOTICE
    assert "The above copyright notice and this permission notice shall be included in all copies" in _NOTICE
    assert {"CC BY 4.0 (https://", "CC BY-SA 4.0 (https://"} <= set(
        re.findall(r"CC BY(?:-SA)? 4\.0 \(https://", _NOTICE)
    )
