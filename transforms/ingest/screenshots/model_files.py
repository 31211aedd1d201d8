"""The two networks inside the wheel of rapidocr, found without its code and proven by their SHA-256.

The package itself is never imported: it would fetch what it lacks, and write its own log.
"""

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from schemas.errors import UsageError

_PACKAGE, _FOLDER = "rapidocr", "rapidocr/models"
DETECTOR = "PP-OCRv6_det_small.onnx"
RECOGNIZER = "PP-OCRv6_rec_small.onnx"
PINS = {
    DETECTOR: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    RECOGNIZER: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}
"""SHA-256 of the files in rapidocr 3.10.0."""

INSTALL = "pip install 'keyveil[ocr]'"
MISSING = f"ingest.ocr reads screenshots and videos with a package that is not installed; install it with: {INSTALL}"


def find_model(name: str) -> bytes:
    """Return a network's bytes; raise ``UsageError`` where it is not installed or is another one."""
    try:
        path = Path(str(distribution(_PACKAGE).locate_file(f"{_FOLDER}/{name}")))
        content = path.read_bytes()
    except (PackageNotFoundError, OSError):
        raise UsageError(MISSING) from None
    if hashlib.sha256(content).hexdigest() != PINS[name]:
        raise UsageError(f"{_FOLDER}/{name} is not the file of rapidocr 3.10.0; install that one with: {INSTALL}")
    return content


def require_models() -> None:
    """Raise ``UsageError`` where a package of the extra is missing or a network is another one."""
    try:
        for package in ("pillow", "av"):
            distribution(package)
    except PackageNotFoundError:
        raise UsageError(MISSING) from None
    for name in PINS:
        find_model(name)
