"""Data key that never leaves Cloud KMS: it wraps the keys of files, one KMS key a sensitivity class.

Who may open which columns is then decided, and logged, by the access policy of each KMS key. The same calls as a Tink
``Aead`` over Cloud KMS, with the name of the key as associated data; checksums are compared both ways.
"""

import functools
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from schemas.errors import FailedError, RefusedError, UsageError

SCHEME = "gcp-kms://"
CLASS = "{class}"
_KEY = re.compile(
    r"gcp-kms://projects/[a-z0-9:.-]+/locations/[a-zA-Z0-9_-]{1,63}/keyRings/[a-zA-Z0-9_-]{1,63}"
    r"/cryptoKeys/[a-zA-Z0-9_{}-]{1,63}"
)
_FORM = 1
_KEY_ID_DIGITS = 16
_CALL_S = 30.0
_DAMAGED = "a key file of the key set is damaged; restore the folder from its backup"


@dataclass(frozen=True, slots=True)
class KmsKey:
    """Name of KMS keys, no secret: ``gcp-kms://projects/...``; ``{class}`` in it stands for each sensitivity class."""

    uri: str

    def __post_init__(self) -> None:
        """Raise ``UsageError`` if ``uri`` is no name of a KMS key."""
        if not _KEY.fullmatch(self.uri) or self.uri.replace(CLASS, "").count("{"):
            raise UsageError(
                "a KMS key is named gcp-kms://projects/P/locations/L/keyRings/R/cryptoKeys/K, with {class} in K for a "
                "key of its own for each sensitivity class"
            )

    @property
    def role(self) -> str:
        """Return ``data``: no other key of a key set is in KMS."""
        return "data"

    @property
    def key_id(self) -> str:
        """Compute the id of the reference, 16 hex digits; it is no secret."""
        return hashlib.sha256(self.uri.encode()).hexdigest()[:_KEY_ID_DIGITS]

    def holds(self, *_: str) -> bool:
        """Return true: only a call to KMS shows whether the key may be used."""
        return True

    def derive(self, *_: str) -> bytes:
        """Raise ``UsageError``: nothing can be derived from a key that stays in KMS."""
        raise UsageError("the data key is in KMS and gives no other keys")

    def wrap(self, name: str, key: bytes) -> bytes:
        """Seal ``key`` under the KMS key of the class at the end of ``name``."""
        answer = self._call("encrypt", name, plaintext=key, plaintext_crc32c=_crc(key))
        if not answer.verified_plaintext_crc32c or _crc(answer.ciphertext) != answer.ciphertext_crc32c:
            raise FailedError("Cloud KMS did not receive or give back what was sent; run again")
        return bytes(answer.ciphertext)

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Unseal a key from ``wrap``; raise ``RefusedError`` if the caller may not use the key of that class."""
        answer = self._call("decrypt", name, ciphertext=wrapped, ciphertext_crc32c=_crc(wrapped))
        if _crc(answer.plaintext) != answer.plaintext_crc32c:
            raise FailedError("Cloud KMS did not give back what was sent; run again")
        return bytes(answer.plaintext)

    def to_json(self) -> str:
        """Serialize the reference for ``from_json``."""
        return json.dumps({"form": _FORM, "role": self.role, "kms": self.uri}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: bytes, role: str) -> "KmsKey":
        """Parse a reference; raise ``RefusedError`` if the text is damaged or of another role."""
        try:
            form = json.loads(text)
            sound, key = (form["form"], form["role"]) == (_FORM, role), cls(str(form["kms"]))
        except (ValueError, KeyError, TypeError, UsageError):
            raise RefusedError(_DAMAGED) from None
        if not sound:
            raise RefusedError(_DAMAGED)
        return key

    def _call(self, method: str, name: str, **content: Any) -> Any:
        from google.api_core.exceptions import Forbidden, GoogleAPIError, InvalidArgument  # noqa: PLC0415 - see below

        key = self.uri.removeprefix(SCHEME).replace(CLASS, name.rpartition("/")[2])
        context = {"additional_authenticated_data": name.encode()}
        context["additional_authenticated_data_crc32c"] = _crc(name.encode())  # type: ignore[assignment]
        try:
            return getattr(client(), method)(request={"name": key, **content, **context}, timeout=_CALL_S)
        except Forbidden:
            raise RefusedError(f"Cloud KMS does not let this account use {key}; ask its owner for access") from None
        except InvalidArgument:
            raise FailedError("a file was altered, or was sealed under another KMS key") from None
        except GoogleAPIError as error:
            raise FailedError(f"Cloud KMS failed ({type(error).__name__}); try again") from None


@functools.cache
def client() -> Any:
    """Create this process's client; the library is imported only when a KMS key is used."""
    try:
        from google.cloud import kms_v1  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise RefusedError("keys in Cloud KMS need an extra: pip install 'keyveil[kms]'") from None
    return kms_v1.KeyManagementServiceClient()


def _crc(content: bytes) -> int:
    import google_crc32c  # noqa: PLC0415 - comes with the same extra

    return int(google_crc32c.value(content))


def is_kms(text: bytes) -> bool:
    """Return whether a key file holds a reference to KMS."""
    try:
        return "kms" in json.loads(text)
    except (ValueError, TypeError):
        return False
