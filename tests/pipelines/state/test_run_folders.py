"""Folders of runs: gone with the run however it ends, and after a kill with the next run."""

import os
import signal
import tempfile
import threading
from pathlib import Path

import apache_beam as beam
import pytest

from pipelines.state.run_folders import open_run_folder, remove_abandoned
from transforms.object_store.atomic_files import lock_folder, lock_release, make_folders


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_run_that_ends_leaves_what_it_staged_alone(tmp_path: Path) -> None:
    with open_run_folder(tmp_path, "run") as folder:
        assert folder == tmp_path / "runs" / "run"
        for part in ("spill", "staging"):
            (folder / part / "file").write_text("sealed")
    assert _files(folder) == ["staging", "staging/file"]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_an_earlier_attempt_left_is_gone_at_the_start(tmp_path: Path) -> None:
    with open_run_folder(tmp_path, "run") as folder:
        (folder / "staging" / "old").write_text("sealed")
    with open_run_folder(tmp_path, "run"):
        assert _files(folder) == ["spill", "staging", "temp"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_run_that_fails_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def fail() -> None:
        with open_run_folder(tmp_path, "run") as folder:
            (folder / "staging" / "file").write_text("sealed")
            raise error

    with pytest.raises(error):
        fail()
    assert _files(tmp_path / "runs") == []


@pytest.mark.parametrize("then", [None, RuntimeError])
def test_a_run_that_is_terminated_leaves_nothing_and_is_stopped(tmp_path: Path, then: type[Exception] | None) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def be_terminated() -> None:
        with open_run_folder(tmp_path, "run") as folder:
            (folder / "spill" / "file").write_text("sealed")
            try:
                os.kill(os.getpid(), signal.SIGTERM)
            finally:
                if then is not None:  # as a library that was interrupted does
                    raise then

    with pytest.raises(KeyboardInterrupt):
        be_terminated()
    assert _files(tmp_path / "runs") == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_thread_that_is_not_the_main_one_may_run_too(tmp_path: Path) -> None:
    found: list[list[str]] = []

    def work() -> None:
        with open_run_folder(tmp_path, "run") as folder:
            found.append(_files(folder))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [["spill", "staging", "temp"]]


def test_temporary_files_of_the_process_and_its_children_lie_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for named in (None, str(tmp_path)):
        monkeypatch.delenv("TMPDIR", raising=False)
        if named is not None:
            monkeypatch.setenv("TMPDIR", named)
        before = tempfile.gettempdir()
        with open_run_folder(tmp_path / "state", "run") as folder:
            assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(folder / "temp")
            pipeline = beam.Pipeline()
            assert Path(pipeline.local_tempdir).parent == folder / "temp"
        assert not Path(pipeline.local_tempdir).exists()
        assert tempfile.gettempdir() == before
        assert os.environ.get("TMPDIR") == named


def test_the_next_run_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    for name in ("killed", "handed over", "at work"):
        for part in ("spill", "staging", "temp"):
            make_folders(tmp_path / "runs" / name / part)
            (tmp_path / "runs" / name / part / "file").write_text("sealed")
    make_folders(tmp_path / "runs" / "handed over" / "results")
    with lock_release(tmp_path, "at work"), open_run_folder(tmp_path, "mine"):
        assert _files(tmp_path / "runs" / "at work") == [
            "spill", "spill/file", "staging", "staging/file", "temp", "temp/file",
        ]  # fmt: skip
        assert _files(tmp_path / "runs" / "handed over") == ["results"]
        assert not (tmp_path / "runs" / "killed").exists()
    remove_abandoned(tmp_path)
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == ["handed over"]


def test_looking_for_abandoned_runs_makes_no_folder_and_keeps_no_lock(tmp_path: Path) -> None:
    remove_abandoned(tmp_path)
    assert _files(tmp_path) == []
    make_folders(tmp_path / "runs" / "killed" / "spill")
    remove_abandoned(tmp_path)
    with lock_folder(tmp_path / "locks" / "killed"):
        assert _files(tmp_path / "runs") == []
