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
    """Opens sealed shards and checks signatures; can neither sign nor open the quarantine."""

    data: Secret
    verifying: Ed25519PublicKey = field(repr=False)

    @classmethod
    def open(cls, path: Path) -> "ReaderKeys":
        """Read the file that ``export_reader`` wrote; raise ``RefusedError`` where it is missing, wide or bad."""
        text = read_secret(path, "export it with: keyveil keys export --role reader DIR -o FILE")
        try:
            form = json.loads(text)
            data, pem = json.dumps(form["data"]), form["verifying"].encode()
            verifying = load_pem_public_key(pem)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RefusedError(_DAMAGED) from None
        if not isinstance(verifying, Ed25519PublicKey):
            raise RefusedError(_DAMAGED)
        return cls(Secret.from_json(data.encode(), "data"), verifying)

    def to_json(self) -> str:
        """Return the text form that ``open`` reads."""
        pem = self.verifying.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return json.dumps({"data": json.loads(self.data.to_json()), "verifying": pem}, indent=1) + "\n"

    def __reduce__(self) -> str:
        raise RefusedError("keys do not travel between processes; send the KeyReference and open it there")
