"""Server of S3 addresses: Amazon's, or one that ``KEYVEIL_S3_ENDPOINT`` names; no other variable moves it."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from schemas.errors import RefusedError, UsageError

SERVER = "KEYVEIL_S3_ENDPOINT"
"""Variable that names an S3 server of one's own, for example ``https://storage.example.com``."""
_REDIRECTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def find_server(environment: Mapping[str, str]) -> str | None:
    """Find the server that the environment names; ``None`` is Amazon's.

    Raises ``RefusedError`` where another program's variable sends requests elsewhere, ``UsageError`` for an address
    that is no ``https://`` (``http://`` is for this machine alone).
    """
    named = environment.get(SERVER) or None
    for variable in _REDIRECTS:
        if environment.get(variable) and environment[variable] != named:
            raise RefusedError(
                f"{variable} sends storage to another server; unset it, or set {SERVER} to the same address if that "
                "server is yours"
            )
    if named is None:
        return None
    if not _is_closed(named):
        raise UsageError(f"{SERVER} must be https://HOST or https://HOST:PORT; http:// is for this machine alone")
    return named.rstrip("/")


def _is_closed(server: str) -> bool:
    """Return whether an address is that of a server that is reached by TLS or on this machine, and no more than that.

    >>> _is_closed("https://storage.example.com:9000"), _is_closed("https://:secret@storage.example.com")
    (True, False)
    """
    try:
        parts = urlsplit(server)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = not parts.path.strip("/") and not {"@", "?", "#"} & {*server}
    return bool(host) and is_plain and (parts.scheme == "https" or (parts.scheme == "http" and host in _THIS_MACHINE))
