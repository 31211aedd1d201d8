"""The look at private state before anything is read: whoever could change it could bring erased people back."""

import os
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pipelines.preflight.collect_folder import collect_folder
from pipelines.preflight.state_place import check_place, record_place
from pipelines.state.private_state import PrivateState, state_folder
from pipelines.state.state_owner import check_owner, record_owner
from schemas.errors import RefusedError
from transforms.keys.key_set import KeyReference
from transforms.object_store.atomic_files import make_folders
from transforms.preflight.judge_folder import FolderPolicy, Use, judge_folder

_WRITERS = stat.S_IWGRP | stat.S_IWOTH


def open_state(reference: KeyReference, state: str | None) -> PrivateState:
    """Open private state once it is checked.

    Raises ``RefusedError`` where it is not that of the key set, or others could have changed it.
    """
    check_place(reference, state)
    check_state(state_folder(state, reference))
    private = PrivateState.of(reference, state)
    check_owner(private.store, private.keys)
    return private


def claim_state(private: PrivateState) -> None:
    """Let state and key set know each other, before anything is charged; raise ``RefusedError`` for a second state."""
    record_place(private)
    make_folders(private.folder)
    record_owner(private.store, private.keys)


def check_state(state: Path) -> None:
    """Raise ``RefusedError`` where the folder of private state, or one on the way or in it, can be replaced by others.

    A folder that does not exist yet is judged by the way to it; keyveil makes it for its owner alone.
    """
    judge_folder(collect_folder(state, datetime.now(UTC)), FolderPolicy(Use.STATE)).require()
    if state.is_dir():
        for entry in sorted(os.scandir(state), key=lambda found: found.name):
            with suppress(FileNotFoundError):  # a file of another command that is gone meanwhile
                _check_entry(Path(entry.path), entry.stat(follow_symlinks=False))


def _check_entry(path: Path, found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise RefusedError(f"{path} in private state is a link; put the real folder in its place")
    if found.st_uid != os.geteuid() or found.st_mode & _WRITERS:
        raise RefusedError(
            f"{path} in private state belongs to another user or can be written by others; fix it with: chown $(id -u) "
            f"{path} && chmod go-w {path}, and find out who changed it"
        )
