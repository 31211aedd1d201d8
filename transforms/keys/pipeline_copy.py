"""Copies of a key set for the pipeline: all keys but those that open the quarantine.

A copy is marked. Its keys are replaced by renewing it from its original: two sets that were rotated apart would seal
releases that the readers of the other cannot open.
"""

import re
from pathlib import Path

from schemas.errors import RefusedError
from transforms.keys import secret_manager as managed
from transforms.keys.key_set import SECRET_ROLES, KeyReference, KeyRole, KeySet, read_generation
from transforms.keys.secret_files import FOLDER_MODE, read_secret, replace_secret, write_secret

COPY = "copy.json"
"""Mark of a copy, in its folder; it is no key."""

_FILE = re.compile(
    r"(?:pseudonym|surrogate|noise|data|transit|signing)(?:\.\w+\.retired)?\.json"
    r"|(?:quarantine|signing)(?:\.\w+\.retired)?\.public\.pem|signing\.private\.pem"
)
_REMEDY = "restore it from a backup, or copy the key set again with: keyveil keys export --role pipeline"


def is_copy(folder: Path) -> bool:
    """Return whether a folder of keys is a copy that was exported for the pipeline."""
    return (folder / COPY).is_file()


def check_original(folder: Path, what: str) -> None:
    """Raise ``RefusedError`` if a folder of keys is a copy, of which ``what`` is not done."""
    if is_copy(folder):
        raise RefusedError(
            f"{folder} is a copy of a key set, and {what} with its original: name that folder, then renew this one "
            f"with keyveil keys export --role pipeline ORIGINAL -o {folder}"
        )


def export_pipeline(directory: Path, target: Path) -> None:
    """Copy a key set to the new folder ``target`` without any key that opens the quarantine.

    The pipeline seals to the quarantine and cannot read it; the private keys stay with the privacy team.
    """
    files = _pipeline_files(directory)
    try:
        target.mkdir(FOLDER_MODE)
    except OSError as error:
        raise RefusedError(f"{target} cannot be created ({error.strerror}); pass a new folder") from None
    write_secret(target / COPY, b"{}\n")
    for name, content in files.items():
        write_secret(target / name, content)


def renew_pipeline(directory: Path, target: Path) -> None:
    """Bring the keys of a copy to those of its original ``directory``: its retired ones first, as a rotation does.

    Raises ``RefusedError`` where the copy holds a current key that the original never had.
    """
    files = _pipeline_files(directory)
    KeySet.open(KeyReference.parse(str(target)))
    current = {role: read_generation(target / f"{role}.json", role).key_id for role in SECRET_ROLES}
    if any(key_id not in _key_ids(directory, role) for role, key_id in current.items()):
        raise RefusedError(
            f"{target} is a copy of another key set, or one of its keys was rotated there; put it aside, and pass a "
            "new folder"
        )
    for name in sorted(files, key=lambda name: (".retired." not in name, name)):
        replace_secret(target / name, files[name])


def _key_ids(directory: Path, role: KeyRole) -> set[str]:
    places = [directory / f"{role}.json", *directory.glob(f"{role}.*.retired.json")]
    return {read_generation(place, role).key_id for place in places}


def export_bundle(directory: Path, target: Path) -> None:
    """Write the files of ``export_pipeline`` as one new 0600 file ``target``: the content of a secret for workers."""
    write_secret(target, managed.bundle(_pipeline_files(directory)))


def _pipeline_files(directory: Path) -> dict[str, bytes]:
    """Read the key files that a pipeline needs, by their exact names: a stopped rotation may leave other ones.

    ``data.json``, ``signing.0a1b.retired.public.pem``; not ``.5f3c.part``, which may be a private key.
    """
    KeySet.open(KeyReference.parse(str(directory)))
    return {path.name: read_secret(path, _REMEDY) for path in sorted(directory.iterdir()) if _FILE.fullmatch(path.name)}
