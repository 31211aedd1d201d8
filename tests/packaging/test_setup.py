"""``make setup`` says what it costs before it begins, and starts again after a start that broke off."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_PYTHON = """#!/bin/sh
# python -m venv [--clear] DIR: an environment whose pip writes down what it is asked for, and fails where `broken` lies
for folder; do :; done
case "$*" in *--clear*) rm -rf "$folder" ;; esac
mkdir -p "$folder/bin"
cat > "$folder/bin/pip" <<'PIP'
#!/bin/sh
echo "$*" >> asked
[ ! -e broken ] || { touch .venv/half; exit 1; }
PIP
chmod +x "$folder/bin/pip"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(_ROOT / name, tmp_path)
    python = tmp_path / "python"
    python.write_text(_PYTHON, encoding="utf-8")
    python.chmod(0o755)
    return tmp_path


def _set_up(project: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    words = ["make", "setup", f"PYTHON={project / 'python'}"]
    return subprocess.run(words, cwd=project, capture_output=True, text=True, check=False, env=environment)


def test_the_cost_is_told_before_anything_is_fetched(project: Path) -> None:
    told = _set_up(project).stdout.splitlines()
    assert "minutes" in told[0]
    assert "GB" in told[0]


def test_an_environment_that_is_half_made_is_recreated(project: Path) -> None:
    (project / "broken").touch()
    assert _set_up(project).returncode != 0
    assert (project / ".venv" / "half").exists()
    (project / "broken").unlink()
    assert _set_up(project).returncode == 0
    assert not (project / ".venv" / "half").exists()
    assert len((project / "asked").read_text(encoding="utf-8").splitlines()) == 1 + 3


def test_a_whole_environment_is_kept_when_a_requirement_changes(project: Path) -> None:
    _set_up(project)
    (project / ".venv" / "kept").touch()
    assert _set_up(project).stdout.count("pip install") == 0
    later = (project / ".venv" / ".installed").stat().st_mtime_ns + 10**9
    os.utime(project / "requirements.lock", ns=(later, later))
    assert "pip install" in _set_up(project).stdout
    assert (project / ".venv" / "kept").exists()


def test_pip_shows_its_progress() -> None:
    assert "--quiet" not in (_ROOT / "Makefile").read_text(encoding="utf-8").split("\nrun:")[0]
