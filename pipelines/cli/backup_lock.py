"""Locks between a backup and commands: none is made of a key set or a state that a command is changing.

``deploy/systemd/backup`` holds both folders alone, so it waits for every command, and commands wait for it. Several
commands may change a state at once; what they may not do together they lock themselves.
"""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pipelines.cli.command import Changes
from schemas.errors import FailedError, KeyveilError


@contextmanager
def lock_out_backup(arguments: argparse.Namespace) -> Iterator[None]:
    """Hold what the command of ``arguments`` changes for the block; raise ``FailedError`` if that is no folder."""
    from transforms.object_store.atomic_files import lock_folder  # noqa: PLC0415 - --help should not wait

    changes = arguments.command.changes
    folder = _find_locks(arguments) if changes is Changes.STATE else None
    if changes is Changes.KEYS and arguments.directory.is_dir():
        folder = arguments.directory
    with ExitStack() as held:
        if folder is not None:
            try:
                held.enter_context(lock_folder(folder, shared=changes is Changes.STATE))
            except OSError as error:
                raise FailedError(
                    f"{folder} cannot be locked ({error.strerror}); put a folder of yours there"
                ) from None
        yield


def _find_locks(arguments: argparse.Namespace) -> Path | None:
    """Find the folder of the locks of a state, and make it.

    ``None`` where there is no state yet: in the wrong place nothing is made, and the command itself says what is wrong.
    """
    from pipelines.state.private_state import holds_state, state_folder  # noqa: PLC0415 - as above
    from transforms.keys.key_set import KeyReference  # noqa: PLC0415
    from transforms.object_store.atomic_files import LOCKS, make_folders  # noqa: PLC0415

    with suppress(KeyveilError):
        if arguments.keys is not None:
            state = state_folder(arguments.state, KeyReference.parse(arguments.keys))
            if holds_state(state):
                make_folders(state / LOCKS)
                return state / LOCKS
    return None
