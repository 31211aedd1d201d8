"""What a reader of a release holds: the data key and the verifying key, and nothing of the pipeline's."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from schemas.errors import RefusedError
from transforms.keys.files import read_secret
from transforms.keys.secret import Secret

_DAMAGED = "the reader's key file is damaged; export it again with: keyveil keys export --role reader DIR -o FILE"


@dataclass(frozen=True, slots=True)
class ReaderKeys:
    """Opens sealed shards and checks signatures; can neither sign nor open the quarantine.

    ``data`` and the first of ``verifying`` are current; ``retired`` and the rest open and verify older releases.
    """

    data: Secret
    verifying: tuple[Ed25519PublicKey, ...] = field(repr=False)
    retired: tuple[Secret, ...] = ()

    @classmethod
    def open(cls, path: Path) -> "ReaderKeys":
        """Read the file that ``export_reader`` wrote; raise ``RefusedError`` where it is missing, wide or bad."""
        text = read_secret(path, "export it with: keyveil keys export --role reader DIR -o FILE")
        try:
            form = json.loads(text)
            data, *retired = (Secret.from_json(json.dumps(item).encode(), "data") for item in form["data"])
            verifying = tuple(load_pem_public_key(pem.encode()) for pem in form["verifying"])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RefusedError(_DAMAGED) from None
        plain = tuple(public for public in verifying if isinstance(public, Ed25519PublicKey))
        if not plain or plain != verifying:
            raise RefusedError(_DAMAGED)
        return cls(data, plain, tuple(retired))

    def data_key(self, key_id: str | None) -> Secret | None:
        """Return the data key of that id, current or retired; ``None`` where it is not held."""
        return next((secret for secret in (self.data, *self.retired) if secret.key_id == key_id), None)

    def to_json(self) -> str:
        """Return the text form that ``open`` reads."""
        pems = [
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() for public in self.verifying
        ]
        secrets = [json.loads(secret.to_json()) for secret in (self.data, *self.retired)]
        return json.dumps({"data": secrets, "verifying": pems}, indent=1) + "\n"

    def __reduce__(self) -> str:
        raise RefusedError("keys do not travel between processes; send the KeyReference and open it there")


def read_verifying(path: Path) -> tuple[Ed25519PublicKey, ...]:
    """Return the verifying key in a PEM file, which is public; raise ``RefusedError`` where it is none."""
    try:
        public = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError):
        public = None
    if not isinstance(public, Ed25519PublicKey):
        raise RefusedError(f"{path} is no verifying key; name signing.public.pem of the key set")
    return (public,)
