"""Verdict on a local folder: whether others could read or replace the files of a run."""

import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from transforms.preflight.verdict import Check, CheckOutcome, Finding, JudgedFact, Verdict, summarize

_MIB = 2**20
_SHARES = frozenset(
    "nfs nfs4 cifs smb3 smbfs afs ceph glusterfs lustre gpfs beegfs ncpfs davfs fuse.sshfs fuse.gcsfuse fuse.s3fs "
    "fuse.rclone fuse.glusterfs fuse.ceph fuse.davfs2 fuse.goofys fuse.vmhgfs-fuse vboxsf prl_fs".split()
)
_WITHOUT_MODES = frozenset("vfat msdos exfat ntfs ntfs3 fuseblk drvfs cifs smb3 smbfs vboxsf hfs iso9660".split())
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_WRITERS = stat.S_IWGRP | stat.S_IWOTH


class Use(StrEnum):
    """Use of a folder: audited only, output of sealed or clear shards, or private state."""

    AUDIT = "audit"
    SEALED = "sealed"
    CLEAR = "clear"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Component:
    """Existing folder on the way, with its mode bits and owner; ``link_owner`` if it is reached by a link."""

    path: str
    mode: int
    owner: int
    link_owner: int | None = None


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """Facts about a folder; ``None`` if one could not be read."""

    at: datetime
    path: str
    user: int
    # existing folders from the root to ``path``, or to its last existing parent
    way: tuple[Component, ...]
    is_folder: bool
    exists: bool
    writable: bool
    # type and mount point of the file system
    kind: str | None
    mounted_on: str | None
    free_bytes: int | None
    # name of a program that synchronises or publishes the folder
    shared_by: str | None = None
    # what the file system lacks of links, locks and files that are made only once; '' if nothing, None if not tried
    lacks: str | None = None

    @property
    def itself(self) -> Component | None:
        """Return the folder, ``None`` if it is missing; a run creates it for its owner alone."""
        return self.way[-1] if self.exists and self.way else None


@dataclass(frozen=True, slots=True)
class FolderPolicy:
    """Requirements of a folder."""

    use: Use
    least_free_mib: int = 64


FolderCheck = Check[FolderFacts, FolderPolicy]
_UNKNOWN = "could not be read"
_MISSING = "missing; a run creates it for its owner alone (0700)"


def _usable(facts: FolderFacts, _: FolderPolicy) -> JudgedFact:
    if not facts.is_folder or not facts.way:
        return JudgedFact(False, "it is no folder, or the way to it cannot be read")
    return JudgedFact(facts.writable, "a folder that can be written" if facts.writable else "cannot be written")


def _foreign_links(facts: FolderFacts, _: FolderPolicy) -> JudgedFact:
    trusted = (None, 0, facts.user)
    wrong = [f"{part.path} is another user's link" for part in facts.way if part.link_owner not in trusted]
    return summarize("none", wrong)


def _no_link(facts: FolderFacts, _: FolderPolicy) -> JudgedFact:
    itself = facts.itself
    linked = itself is not None and itself.link_owner is not None
    return JudgedFact(not linked, "a symbolic link" if linked else "no link")


def _own(facts: FolderFacts, _: FolderPolicy) -> JudgedFact:
    itself = facts.itself
    if itself is None:
        return JudgedFact(True, _MISSING)
    return JudgedFact(itself.owner == facts.user, f"owned by user {itself.owner}, running as user {facts.user}")


def _is_closed(facts: FolderFacts, _: FolderPolicy) -> JudgedFact:
    itself = facts.itself
    if itself is None:
        return JudgedFact(True, _MISSING)
    return JudgedFact(not itself.mode & _OTHERS, f"mode {stat.S_IMODE(itself.mode):04o}")


def _replaceable(part: Component) -> bool:
    """Return whether others may rename or replace entries of the folder (a sticky folder forbids it)."""
    return bool(part.mode & stat.S_IWOTH) and not part.mode & stat.S_ISVTX


def _is_fixed(facts: FolderFacts, policy: FolderPolicy) -> JudgedFact:
    """Judge whether others can replace entries; in private state they may not even create files."""
    itself = facts.itself
    if itself is None:
        return JudgedFact(True, _MISSING)
    open_to_others = itself.mode & _WRITERS if policy.use is Use.STATE else _replaceable(itself)
    return JudgedFact(not open_to_others, f"mode {stat.S_IMODE(itself.mode):04o}")


def _way_fixed(facts: FolderFacts, policy: FolderPolicy) -> JudgedFact:
    """Judge the folders above; the state of root may be in a user's folder, as in a container with a mount."""
    above = [part for part in facts.way if part is not facts.itself]
    wrong = [f"{part.path} has mode {stat.S_IMODE(part.mode):04o}" for part in above if _replaceable(part)]
    if policy.use is not Use.STATE or facts.user != 0:
        wrong += [f"{part.path} is owned by user {part.owner}" for part in above if part.owner not in (0, facts.user)]
    return summarize("others cannot replace a folder on the way", wrong)


def _local(facts: FolderFacts, _: FolderPolicy) -> JudgedFact:
    if facts.kind is None:
        return JudgedFact(False, f"the file system {_UNKNOWN}")
    shared = facts.kind in _SHARES and facts.mounted_on != "/"
    return JudgedFact(not shared, f"{facts.kind} mounted on {facts.mounted_on}")


def _keeps_modes(facts: FolderFacts, _: FolderPolicy) -> JudgedFact:
    if facts.kind is None:
        return JudgedFact(False, f"the file system {_UNKNOWN}")
    return JudgedFact(facts.kind not in _WITHOUT_MODES, facts.kind)


def _is_complete(facts: FolderFacts, _: FolderPolicy) -> JudgedFact:
    if facts.lacks is None:
        return JudgedFact(True, "not tried: the folder is missing or cannot be written")
    read = f"{facts.kind or 'the file system'} has no {facts.lacks}" if facts.lacks else "links, locks, new files once"
    return JudgedFact(not facts.lacks, read)


def _not_synced(facts: FolderFacts, _: FolderPolicy) -> JudgedFact:
    return JudgedFact(facts.shared_by is None, f"inside {facts.shared_by}" if facts.shared_by else "not inside one")


def _room(facts: FolderFacts, policy: FolderPolicy) -> JudgedFact:
    if facts.free_bytes is None:
        return JudgedFact(False, _UNKNOWN)
    return JudgedFact(facts.free_bytes >= policy.least_free_mib * _MIB, f"{facts.free_bytes // _MIB} MiB free")


FOLDER_CHECKS: Sequence[FolderCheck] = (
    Check(
        "usable",
        "it is a folder, or can be made, and can be written",
        "a folder that can be written",
        "a run that cannot write wastes its hours",
        "mkdir -m 700 {path}, as the user that runs keyveil",
        _usable,
    ),
    Check(
        "no-foreign-links",
        "no other user's link lies on the way",
        "none",
        "its owner can point it elsewhere while the run goes on",
        "name the folder by its real path",
        _foreign_links,
    ),
    Check(
        "no-link",
        "the folder itself is no link",
        "no link",
        "what a link leads to can change without anybody touching the folder that was checked",
        "name the folder by its real path",
        _no_link,
    ),
    Check(
        "own",
        "the folder belongs to the user that runs keyveil",
        "the same user",
        "an owner may change the mode and rename what lies inside",
        "chown $(id -u) {path}",
        _own,
    ),
    Check(
        "closed",
        "nobody else can look into the folder",
        "mode 0700",
        "names of datasets and releases show; shards do not: keyveil makes its folders 0700 and its files 0600",
        "chmod 700 {path}",
        _is_closed,
    ),
    Check(
        "fixed",
        "nobody else can replace what lies in the folder",
        "not writable by others, or sticky; private state: not writable by group or others",
        "who may write in it can put another dataset in the place of this one",
        "chmod go-w {path}",
        _is_fixed,
    ),
    Check(
        "way-fixed",
        "nobody else can replace a folder on the way to it",
        "owned by root or the same user, not writable by others or sticky",
        "who may rename a folder above can put another in its place",
        "choose a folder below your home, or chmod o-w the one that is named",
        _way_fixed,
    ),
    Check(
        "local",
        "the folder lies on a disk of this machine",
        "no network share",
        "whoever runs the server of a share reads every file whatever its mode",
        "choose a folder on a local disk",
        _local,
    ),
    Check(
        "keeps-modes",
        "the file system keeps owners and modes",
        "one with Unix permissions",
        "on the others, closing a file to other users has no effect",
        "choose a folder on a Unix file system",
        _keeps_modes,
    ),
    Check(
        "complete",
        "the file system has hard links, locks, and files that are made only once",
        "all three",
        "without them two runs can overwrite each other, and a file can be there by half",
        "choose a folder on a local disk or NFS 4; SMB and mounted buckets (s3fs, gcsfuse) lack some of these",
        _is_complete,
    ),
    Check(
        "not-synced",
        "no program copies the folder elsewhere",
        "not inside a synchronised or published folder",
        "a synchronised folder is a copy on somebody else's machine a minute later",
        "choose a folder outside of it",
        _not_synced,
    ),
    Check(
        "room",
        "there is room",
        "64 MiB or more",
        "a full disk stops the run in the middle",
        "make room, or choose another disk",
        _room,
    ),
)

REFUSING: Mapping[Use, frozenset[str]] = {
    Use.AUDIT: frozenset(check.name for check in FOLDER_CHECKS),
    Use.SEALED: frozenset({"usable", "no-foreign-links", "complete", "room"}),
    Use.CLEAR: frozenset(
        {"usable", "no-foreign-links", "complete", "room", "fixed", "local", "keeps-modes", "not-synced"}
    ),
    Use.STATE: frozenset({"usable", "no-foreign-links", "complete", "no-link", "own", "fixed", "way-fixed"}),
}
"""Failed checks that refuse, by use; the others advise. Reasons: docs/adr (the preflight of local folders)."""


def judge_folder(facts: FolderFacts, policy: FolderPolicy) -> Verdict:
    """Judge the facts for the use that the policy names."""
    return Verdict(facts.path, facts.at, tuple(_finding(check, facts, policy) for check in FOLDER_CHECKS))


def _finding(check: FolderCheck, facts: FolderFacts, policy: FolderPolicy) -> Finding:
    failed = CheckOutcome.FAILED if check.name in REFUSING[policy.use] else CheckOutcome.ADVISED
    return check.describe(check.judge(facts, policy), failed, {}, check.remedy.format(path=facts.path))
