"""Keys of a reader of releases: data key and verifying key, none of the pipeline's."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from schemas.errors import FailedError, RefusedError, UsageError
from schemas.safe import SENSITIVITIES
from transforms.keys.envelope import decrypt, encrypt
from transforms.keys.kms import KmsKey
from transforms.keys.partial_secret import PartialSecret
from transforms.keys.secret import Secret
from transforms.keys.secret_files import read_secret

_EXPORT = "have it exported with: keyveil keys export --role reader DIR -o FILE"
_DAMAGED = "the reader's key file is damaged; export it again with: keyveil keys export --role reader DIR -o FILE"

FOOTER = "footer"
"""Class of the footer of a sealed file; the other classes are the sensitivities of columns."""

_PURPOSE = "parquet"
_PEM = b"-----BEGIN"

DataKey = Secret | PartialSecret | KmsKey
"""Whole, in part, or in Cloud KMS."""


@dataclass(frozen=True, slots=True)
class ReaderKeys:
    """Keys that open sealed shards and verify signatures; they can neither sign nor open the quarantine.

    ``data`` and the first of ``verifying`` are current; ``retired`` and the rest open and verify older releases.
    A data key is whole, the part of it that opens the columns of some sensitivity classes, or a reference to KMS.
    """

    data: DataKey
    verifying: tuple[Ed25519PublicKey, ...] = field(repr=False)
    retired: tuple[DataKey, ...] = ()

    @classmethod
    def open(cls, path: Path) -> "ReaderKeys":
        """Read a file from ``export_reader``; raise ``RefusedError`` if it is missing, damaged or open to others."""
        if path.is_dir():
            raise RefusedError(f"{path} is a folder; readers use a key file: {_EXPORT}")
        text = read_secret(path, _EXPORT)
        if text.startswith(_PEM):
            raise RefusedError(f"{path} is a verifying key alone and opens no rows; readers use a key file: {_EXPORT}")
        try:
            form = json.loads(text)
            data, *retired = (_data_key(item) for item in form["data"])
            verifying = tuple(load_pem_public_key(pem.encode()) for pem in form["verifying"])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RefusedError(_DAMAGED) from None
        plain = tuple(public for public in verifying if isinstance(public, Ed25519PublicKey))
        if not plain or plain != verifying:
            raise RefusedError(_DAMAGED)
        return cls(data, plain, tuple(retired))

    def data_key(self, key_id: str | None) -> DataKey | None:
        """Find the data key with id ``key_id``, current or retired; return ``None`` if it is missing."""
        return next((secret for secret in (self.data, *self.retired) if secret.key_id == key_id), None)

    def wrap(self, name: str, key: bytes) -> bytes:
        """Seal the ``key`` of a file under the data key and sensitivity class of ``name``."""
        secret = self._find_data_key(name)
        if isinstance(secret, KmsKey):
            return secret.wrap(name, key)
        return encrypt(secret.derive(_PURPOSE, name), key, name.encode())

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Unseal a key from ``wrap``; raise ``RefusedError`` if its class is withheld from this reader.

        Raises ``FailedError`` if it was altered or belongs to another key set.
        """
        secret = self._find_data_key(name)
        if isinstance(secret, KmsKey):
            return secret.unwrap(name, wrapped)
        return decrypt(secret.derive(_PURPOSE, name), wrapped, name.encode())

    def _find_data_key(self, name: str) -> DataKey:
        kind, _, rest = name.partition("/")
        key_id, slash, _ = rest.partition("/")
        secret = self.data_key(key_id)
        if kind != self.data.role or not slash or secret is None:
            raise FailedError("a file was sealed under a data key that the reader does not hold; export its keys again")
        return secret

    def opens(self, key_id: str | None, sensitivity: str) -> bool:
        """Return whether columns of a sensitivity class can be opened in files sealed under data key ``key_id``."""
        secret = self.data_key(key_id)
        return secret is not None and secret.holds(_PURPOSE, class_name(secret, sensitivity))

    def up_to(self, sensitivity: str) -> "ReaderKeys":
        """Restrict the keys to columns of ``sensitivity`` and of the less sensitive classes."""
        if sensitivity not in SENSITIVITIES:
            raise UsageError(f"columns are opened up to one of {', '.join(SENSITIVITIES)}")
        wanted = (FOOTER, *SENSITIVITIES[: SENSITIVITIES.index(sensitivity) + 1])
        data, *retired = (_part(secret, wanted) for secret in (self.data, *self.retired))
        return ReaderKeys(data, self.verifying, tuple(retired))

    def to_json(self) -> str:
        """Serialize the keys for ``open``."""
        pems = [
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() for public in self.verifying
        ]
        secrets = [json.loads(secret.to_json()) for secret in (self.data, *self.retired)]
        return json.dumps({"data": secrets, "verifying": pems}, indent=1) + "\n"

    def __reduce__(self) -> str:
        raise RefusedError("keys do not travel between processes; send the KeyReference and open it there")


def read_verifying(path: Path) -> tuple[Ed25519PublicKey, ...]:
    """Read a public PEM file with a verifying key; raise ``RefusedError`` if it holds none."""
    try:
        public = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise RefusedError(
            f"{path} cannot be read ({error.strerror}); pass signing.public.pem of the key set"
        ) from None
    except ValueError:
        public = None
    if not isinstance(public, Ed25519PublicKey):
        raise RefusedError(f"{path} is no verifying key; pass signing.public.pem of the key set")
    return (public,)


def class_name(secret: DataKey, sensitivity: str) -> str:
    """Build the name of the key of a sensitivity class in sealed files."""
    return f"{secret.role}/{secret.key_id}/{sensitivity}"


def _data_key(form: dict[str, object]) -> DataKey:
    kind: type[DataKey] = PartialSecret if "held" in form else KmsKey if "kms" in form else Secret
    return kind.from_json(json.dumps(form).encode(), "data")


def _part(secret: DataKey, sensitivities: Iterable[str]) -> DataKey:
    if isinstance(secret, KmsKey):
        return secret  # its access policy decides
    names = [(_PURPOSE, class_name(secret, sensitivity)) for sensitivity in sensitivities]
    return PartialSecret(secret.role, secret.key_id, {name: secret.derive(*name) for name in names})
