"""Local folders: what is dangerous refuses, what is careless is said, what is good passes."""

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.preflight.collect_folder import collect_folder
from tests.preflight.world import NOW
from transforms.preflight.judge_folder import (
    FOLDER_CHECKS,
    REFUSING,
    Component,
    FolderFacts,
    FolderPolicy,
    Use,
    judge_folder,
)
from transforms.preflight.verdict import CheckOutcome

_ME = 1000
_HOME = (Component("/", 0o40755, 0), Component("/home", 0o40755, 0), Component("/home/me", 0o40700, _ME))
_ITSELF = Component("/home/me/out", 0o40700, _ME)


def _facts(**changes: object) -> FolderFacts:
    facts = FolderFacts(NOW, _ITSELF.path, _ME, (*_HOME, _ITSELF), True, True, True, "ext4", "/home", 2**40)
    return replace(facts, **changes)  # type: ignore[arg-type]


def _with(**changes: object) -> FolderFacts:
    return _facts(way=(*_HOME, replace(_ITSELF, **changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize("use", Use)
@pytest.mark.parametrize(
    "facts",
    [
        _facts(),
        _facts(way=_HOME, exists=False),
        _facts(way=(_HOME[0], Component("/scratch", 0o41777, 0), _ITSELF)),
        _facts(kind="nfs4", mounted_on="/"),
        _with(mode=0o42700),
    ],
)
def test_a_good_folder_passes(facts: FolderFacts, use: Use) -> None:
    verdict = judge_folder(facts, FolderPolicy(use))
    assert {finding.outcome for finding in verdict.findings} == {CheckOutcome.PASSED}


MUTATIONS = {
    "usable": [_facts(is_folder=False), _facts(writable=False), _facts(way=())],
    "no-foreign-links": [_with(link_owner=1001)],
    "no-link": [_with(link_owner=_ME)],
    "own": [_with(owner=1001), _with(owner=0)],
    "closed": [_with(mode=0o40755), _with(mode=0o40710), _with(mode=0o40701), _with(mode=0o40750)],
    "fixed": [_with(mode=0o40777), _with(mode=0o40702)],
    "way-fixed": [
        _facts(way=(_HOME[0], Component("/data", 0o40777, 0), _ITSELF)),
        _facts(way=(_HOME[0], Component("/data", 0o40755, 1001), _ITSELF)),
    ],
    "local": [_facts(kind="nfs4"), _facts(kind="fuse.sshfs"), _facts(kind=None)],
    "keeps-modes": [_facts(kind="vfat"), _facts(kind="fuseblk"), _facts(kind=None)],
    "complete": [_facts(lacks="hard links")],
    "not-synced": [_facts(shared_by="/home/me/Dropbox")],
    "room": [_facts(free_bytes=2**20), _facts(free_bytes=None)],
}


def test_every_check_has_a_change() -> None:
    assert set(MUTATIONS) == {check.name for check in FOLDER_CHECKS}


@pytest.mark.parametrize("name", MUTATIONS)
@pytest.mark.parametrize("use", Use)
def test_a_single_change_is_caught_and_refuses_where_it_is_dangerous(name: str, use: Use) -> None:
    for facts in MUTATIONS[name]:
        verdict = judge_folder(facts, FolderPolicy(use))
        outcomes = {finding.check: finding.outcome for finding in verdict.findings}
        assert outcomes[name] is (CheckOutcome.FAILED if name in REFUSING[use] else CheckOutcome.ADVISED)


def test_an_audit_refuses_whatever_a_run_would_only_mention() -> None:
    assert REFUSING[Use.AUDIT] >= REFUSING[Use.CLEAR] >= REFUSING[Use.SEALED]


def test_facts_of_real_folders(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    there = collect_folder(tmp_path, NOW)
    assert there.itself is not None
    assert (stat.S_IMODE(there.itself.mode), there.itself.owner) == (0o750, os.geteuid())
    assert there.kind is not None
    assert there.free_bytes
    assert there.shared_by is None
    missing = collect_folder(tmp_path / "a" / "b", NOW)
    assert (missing.exists, missing.is_folder, missing.way) == (False, True, there.way)
    assert list(tmp_path.iterdir()) == []
    assert (there.lacks, missing.lacks) == ("", None)


@pytest.mark.parametrize(
    ("call", "lacks"),
    [("os.link", "hard links"), ("fcntl.flock", "locks (flock)"), ("os.open", None)],
)
def test_a_file_system_without_links_or_locks_is_named_and_nothing_is_left(
    call: str, lacks: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "not supported")

    with monkeypatch.context() as broken:
        broken.setattr(call, refuse)
        found = collect_folder(tmp_path, NOW)
    assert (found.lacks, list(tmp_path.iterdir())) == (lacks, [])


def test_a_file_system_that_makes_a_file_twice_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = os.open
    with monkeypatch.context() as broken:
        broken.setattr(os, "open", lambda path, flags, *mode: really(path, flags & ~os.O_EXCL, *mode))
        found = collect_folder(tmp_path, NOW)
    assert (found.lacks, list(tmp_path.iterdir())) == ("files that are made only once (O_EXCL)", [])


def test_a_file_in_the_way_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        verdict = judge_folder(collect_folder(path, NOW), FolderPolicy(Use.SEALED))
        assert verdict.is_refused


def test_links_are_noted_and_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    facts = collect_folder(tmp_path / "link", NOW)
    assert facts.itself is not None
    assert facts.itself.link_owner == os.geteuid()
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    assert not collect_folder(dangling, NOW).exists


def test_the_longest_mount_point_counts_and_the_last_of_equals(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    odd = tmp_path / "with space"
    odd.mkdir()
    escaped = str(odd).replace(" ", r"\040")
    mounts.write_text(f"disk / ext4 rw 0 0\nold {escaped} xfs rw 0 0\nserver:/x {escaped} nfs4 rw 0 0\n")
    assert collect_folder(odd / "out", NOW, mounts).kind == "nfs4"
    assert collect_folder(tmp_path, NOW, mounts).kind == "ext4"
    mounts.write_text("nonsense")
    assert collect_folder(tmp_path, NOW, mounts).kind is None
    assert collect_folder(tmp_path, NOW, tmp_path / "none").kind is None


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive - Acme", "Google Drive", "Nextcloud", "public_html"])
def test_synchronised_folders_are_known_by_name_or_mark(name: str, tmp_path: Path) -> None:
    assert collect_folder(tmp_path / "documents", NOW).shared_by is None
    (tmp_path / name).mkdir()
    assert collect_folder(tmp_path / name / "out", NOW).shared_by == str(tmp_path / name)
    (tmp_path / ".stfolder").mkdir()
    assert collect_folder(tmp_path / "documents", NOW).shared_by == str(tmp_path)
