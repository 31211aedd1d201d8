"""Key set of a population: one folder, one file a role, each role for one purpose."""

import json
import secrets
import shutil
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from schemas.errors import RefusedError, UsageError
from transforms.keys import secret_manager as managed
from transforms.keys.key_history import Succession
from transforms.keys.key_pairs import (
    read_quarantine_private,
    read_quarantine_public,
    read_retired_quarantine,
    read_retired_verifying,
    read_signing_private,
    read_signing_public,
    write_pair,
)
from transforms.keys.kms import KmsKey, is_kms
from transforms.keys.reader_keys import ReaderKeys
from transforms.keys.secret import Secret, new_secret
from transforms.keys.secret_files import FOLDER_MODE, check_secret_folder, read_secret, write_secret

EXPORTS = "exports.json"
"""Record of who holds exported keys, in the folder of a key set; it is no key and is not exported."""

_SCHEME = "file:"
_REMEDY = "restore it from a backup, or create a new key set with: keyveil keys init DIR"


class KeyRole(StrEnum):
    """Purpose of a key; no key serves two roles."""

    PSEUDONYM = "pseudonym"
    SURROGATE = "surrogate"
    NOISE = "noise"
    DATA = "data"
    TRANSIT = "transit"
    QUARANTINE = "quarantine"
    SIGNING = "signing"


SECRET_ROLES = (KeyRole.PSEUDONYM, KeyRole.SURROGATE, KeyRole.NOISE, KeyRole.DATA, KeyRole.TRANSIT)


@dataclass(frozen=True, slots=True)
class KeyReference:
    """Address of a key set: ``file:/absolute/folder``, or ``secret:`` and a name in Secret Manager.

    Holds no secret and may travel to workers.
    """

    uri: str

    @classmethod
    def parse(cls, text: str) -> "KeyReference":
        """Parse ``file:FOLDER``, a bare path or ``secret:NAME``; raise ``UsageError`` for anything else."""
        if text.startswith(managed.SCHEME):
            managed.check_name(text.removeprefix(managed.SCHEME))
            return cls(text)
        head, colon, _ = text.partition(":")
        if colon and text.startswith(_SCHEME):
            text = text.removeprefix(_SCHEME)
            text = text.removeprefix("//") if text.startswith("///") else text
        elif colon and "/" not in head:
            raise UsageError("a key set is named by a path, file:FOLDER or secret:projects/PROJECT/secrets/NAME")
        if not text:
            raise UsageError("a key set is named by file:FOLDER or by a path; the folder is missing")
        return cls(_SCHEME + str(Path(text).expanduser().absolute()))

    @property
    def is_managed(self) -> bool:
        """Return whether the key set is in Secret Manager."""
        return self.uri.startswith(managed.SCHEME)

    def pin(self) -> "KeyReference":
        """Pin the reference to the latest version, so that workers that start later open the same keys.

        Raises ``RefusedError`` if the secret cannot be read.
        """
        if not self.is_managed:
            return self
        return KeyReference(managed.SCHEME + managed.pin_version(self.uri.removeprefix(managed.SCHEME)))

    @property
    def folder(self) -> Path:
        """Return the folder of the key set; for one in Secret Manager, this process's copy.

        Raises ``UsageError`` if ``uri`` names neither, ``RefusedError`` if the secret cannot be read.
        """
        if self.is_managed:
            return managed.folder_of(self.uri.removeprefix(managed.SCHEME))
        if not self.uri.startswith(_SCHEME):
            raise UsageError("a key reference reads file:FOLDER; use KeyReference.parse for other spellings")
        return Path(self.uri.removeprefix(_SCHEME))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class KeySet:
    """All keys of one population in memory; its repr shows key ids only, and it refuses to be pickled."""

    folder: Path
    _secrets: dict[KeyRole, tuple[Secret | KmsKey, ...]] = field(repr=False)
    _quarantine: X25519PublicKey = field(repr=False)
    _verifying: tuple[Ed25519PublicKey, ...] = field(repr=False)

    @classmethod
    def open(cls, reference: KeyReference) -> "KeySet":
        """Read a key set from its folder.

        Raises ``RefusedError``, with the command that creates or fixes it, if the folder or a file is missing, damaged,
        a link, of another owner, or open to group or others.
        """
        folder = reference.folder
        check_secret_folder(folder, f"check --keys; for a first run make a key set: keyveil keys init {folder}")
        material = {role: _generations(folder, role) for role in SECRET_ROLES}
        verifying = (read_signing_public(folder), *read_retired_verifying(folder))
        return cls(folder, material, read_quarantine_public(folder), verifying)

    def derive(self, role: KeyRole, *info: str) -> bytes:
        """Derive the 32-byte key of ``role`` for one purpose; equal key sets and words give equal keys."""
        return self.derivations(role, *info)[0]

    def derivations(self, role: KeyRole, *info: str) -> tuple[bytes, ...]:
        """Derive the key of a purpose from the current secret of ``role``, then from each retired one."""
        if role not in self._secrets:
            raise UsageError("keys are derived from the secret roles; quarantine and signing are key pairs")
        return tuple(secret.derive(*info) for secret in self._secrets[role])

    def quarantine_public(self) -> X25519PublicKey:
        """Return the key that seals quarantined records."""
        return self._quarantine

    def quarantine_private(self) -> X25519PrivateKey:
        """Read the key that opens the quarantine; raise ``RefusedError`` if the key set lacks it."""
        return read_quarantine_private(self.folder, self._quarantine)

    def quarantine_privates(self) -> tuple[X25519PrivateKey, ...]:
        """Read the current and retired keys that open the quarantine, current first."""
        return (self.quarantine_private(), *read_retired_quarantine(self.folder))

    def signing_private(self) -> Ed25519PrivateKey:
        """Read the key that signs manifests; raise ``RefusedError`` if the key set lacks it."""
        return read_signing_private(self.folder, self._verifying[0])

    def signing_public(self) -> Ed25519PublicKey:
        """Return the current verifying key."""
        return self._verifying[0]

    def verifying(self) -> tuple[Ed25519PublicKey, ...]:
        """Return the current verifying key, then the retired ones, which verify older releases."""
        return self._verifying

    def history(self) -> tuple[Succession, ...]:
        """Read the statements of the retired signing keys on their successors, by day."""
        found = [_read_succession(path) for path in self.folder.glob(f"{KeyRole.SIGNING}.*.retired.json")]
        return tuple(sorted(found, key=lambda statement: (statement.at, statement.old)))

    def reader(self) -> ReaderKeys:
        """Return the keys that a reader of releases may hold."""
        data, *retired = self._secrets[KeyRole.DATA]
        return ReaderKeys(data, self._verifying, tuple(retired))

    def __repr__(self) -> str:
        ids = ", ".join(f"{role}={generations[0].key_id}" for role, generations in self._secrets.items())
        return f"KeySet({ids})"

    def __reduce__(self) -> str:
        raise RefusedError("keys do not travel between processes; send the KeyReference and open it there")


def _read_succession(path: Path) -> Succession:
    try:
        statement = Succession.from_json(json.loads(read_secret(path, _REMEDY)))
    except (ValueError, KeyError, TypeError):
        raise RefusedError(f"{path} is damaged; {_REMEDY}") from None
    if not statement.is_signed():
        raise RefusedError(f"{path} is not signed by the key that it names; {_REMEDY}")
    return statement


def _generations(folder: Path, role: KeyRole) -> tuple[Secret | KmsKey, ...]:
    current = read_generation(folder / f"{role}.json", role)
    retired = [read_generation(path, role) for path in sorted(folder.glob(f"{role}.*.retired.json"))]
    return (current, *(secret for secret in retired if secret.key_id != current.key_id))


def read_generation(path: Path, role: KeyRole) -> Secret | KmsKey:
    """Read the secret, or KMS reference of a data key, in a key file; raise ``RefusedError`` if it is damaged."""
    text = read_secret(path, _REMEDY)
    return KmsKey.from_json(text, role) if role is KeyRole.DATA and is_kms(text) else Secret.from_json(text, role)


def create_key_set(directory: Path, data_key: KmsKey | None = None) -> None:
    """Create a key set in ``directory`` (0700, files 0600); raise ``RefusedError`` if that is not empty.

    ``data_key`` names a data key in KMS; by default a new one is generated.

    The folder appears complete or not at all: it is created under a temporary name and renamed, and a rename onto a
    folder that is not empty fails.
    """
    if directory.is_symlink() or (directory.exists() and (not directory.is_dir() or any(directory.iterdir()))):
        raise RefusedError(f"{directory} exists and is not overwritten; pass a new folder")
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        unfinished = directory.with_name(f".{directory.name}.{secrets.token_hex(8)}")
        unfinished.mkdir(FOLDER_MODE)
    except OSError as error:
        raise UsageError(f"{directory} cannot be created ({error.strerror}); pass a folder of yours") from None
    try:
        for role in SECRET_ROLES:
            made = data_key if role is KeyRole.DATA and data_key is not None else new_secret(role)
            write_secret(unfinished / f"{role}.json", made.to_json().encode())
        write_pair(unfinished, KeyRole.QUARANTINE, X25519PrivateKey.generate())
        write_pair(unfinished, KeyRole.SIGNING, Ed25519PrivateKey.generate())
        unfinished.rename(directory)
    except OSError as error:
        raise RefusedError(f"{directory} could not be put in place ({error.strerror}); pass a new folder") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def export_reader(directory: Path, target: Path, up_to: str | None = None) -> None:
    """Write the data key and the verifying key of a key set to ``target``, one new 0600 file.

    With ``up_to`` only the keys of columns up to that sensitivity go into it, instead of the data key.
    """
    keys = KeySet.open(KeyReference.parse(str(directory))).reader()
    chosen = keys if up_to is None else keys.up_to(up_to)
    write_secret(target, chosen.to_json().encode())
