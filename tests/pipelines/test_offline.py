"""A run reaches for no network and leaves nothing outside of the folders that it was given."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_INPUT = _ROOT / "examples" / "recordings" / "synthetic-office.jsonl"
_RESOLVES = "import ctypes as c; c.CDLL(None).getaddrinfo(b'example.invalid', b'443', None, c.byref(c.c_void_p()))"
_CONNECTS = "import socket; socket.socket().connect(('127.0.0.1', 9))"
_LISTENS = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()"
_SENDS = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))"
_CHILD = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', {_SENDS!r}]).returncode == -31)"


def _offline(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command without a network, with a home, a folder for temporary files and a working folder of its own."""
    for name in ("home", "tmp", "here"):
        (folder / name).mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "HF_", "XDG_"))}
    environment |= {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "PYTHONPATH": str(_ROOT)}
    words = [sys.executable, "-m", "tests.support.cage", sys.executable, *command]
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder / "here", env=environment)


@pytest.mark.parametrize("code", [_RESOLVES, _CONNECTS, _LISTENS, _SENDS])
def test_whoever_reaches_for_a_network_is_ended(tmp_path: Path, code: str) -> None:
    assert _offline(tmp_path, "-c", code).returncode == -signal.SIGSYS


def test_so_are_the_children_of_a_process(tmp_path: Path) -> None:
    assert _offline(tmp_path, "-c", _CHILD).returncode == 1


def test_a_run_reaches_for_no_network_nor_for_torch_and_leaves_nothing_elsewhere(tmp_path: Path) -> None:
    """The image of ``deploy/`` holds no torch: where it cannot be imported a release is made all the same."""
    keyveil = (
        "import sys; sys.modules['torch'] = None; from pipelines.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    made = _offline(tmp_path, "-c", keyveil, "keys", "init", str(tmp_path / "keys"))
    assert made.returncode == 0, made.stderr
    words = ["run", "--input", str(_INPUT), "--user", "demo", "--consent", "all-for-evaluation", "--dataset", "demo"]
    words += ["--keys", str(tmp_path / "keys"), "--output", str(tmp_path / "out"), "--state", str(tmp_path / "state")]
    run = _offline(tmp_path, "-c", keyveil, *words)
    assert run.returncode == 0, run.stderr
    assert list((tmp_path / "out").rglob("events/*.parquet"))
    assert {path.name for path in tmp_path.iterdir()} == {"home", "tmp", "here", "keys", "out", "state"}
    assert [path for name in ("home", "tmp", "here") for path in (tmp_path / name).rglob("*")] == []


def test_telemetry_is_off_before_the_runtime_is_imported() -> None:
    seen = "os.environ['ORT_DISABLE_TELEMETRY'], 'onnxruntime' in sys.modules"
    code = f"import os, sys, transforms.redact; print({seen})"
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    answer = subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=_ROOT, capture_output=True)
    assert answer.stdout.split() == [b"1", b"False"]


def test_the_image_turns_telemetry_off() -> None:
    assert "ORT_DISABLE_TELEMETRY=1" in (_ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
