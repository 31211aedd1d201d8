"""Training of a model as it is asked for and granted: the engineer's request, the grant of the owner of the key set.

No secret changes hands: the request holds figures alone, and a reader's key file verifies the grant.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.errors import RefusedError, UsageError
from schemas.privacy import Gaussian, Pure
from transforms.dataset.signing import Json, Verifying, find_signer, holds, sign, verify

_FORM = "keyveil/training-request/1"
_GRANT = "application/vnd.keyveil.training-grant.v1+json"
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,99}")
_HISTORY = "--history must hold [[noise_multiplier, sample_rate, steps], ...] or the state_dict of an Opacus accountant"


@dataclass(frozen=True, slots=True)
class Training:
    """Training as its engineer describes it; ``steps`` of DP-SGD, or none if epsilon and delta are charged as stated.

    Raises ``UsageError`` for a label or a budget of another form, and for a history without a step.
    """

    label: str
    epsilon: float
    delta: float
    steps: tuple[Gaussian, ...] | None = None

    def __post_init__(self) -> None:
        check_label(self.label)
        Pure(self.epsilon)
        if not 0 < self.delta < 1:
            raise UsageError("--delta must be above 0 and below 1")
        if self.steps is not None and not self.steps:  # no step costs nothing, whatever epsilon is stated beside it
            raise UsageError(f"the history of the training holds no step: {_HISTORY}")

    def to_json(self) -> dict[str, Json]:
        """Convert the training to JSON."""
        rows: list[Json] = [[step.noise_multiplier, step.sample_rate, step.times] for step in self.steps or ()]
        figures: dict[str, Json] = {"label": self.label, "epsilon": self.epsilon, "delta": self.delta}
        return {**figures, "history": None if self.steps is None else rows}


@dataclass(frozen=True, slots=True)
class Grant:
    """Training that was charged: the ledger, and the UTC day of the charge, however late the grant is signed again."""

    training: Training
    ledger_id: str
    at: str


def check_label(label: str) -> None:
    """Raise ``UsageError`` if the label of a charge is of another form."""
    if not _LABEL.fullmatch(label):
        raise UsageError("--label must be 1 to 100 letters, digits, spaces or . _ - and start with a letter or digit")


def read_history(path: Path) -> tuple[Gaussian, ...]:
    """Read the steps of a training as Opacus keeps them; raise ``UsageError`` if the file holds none."""
    try:
        form = json.loads(path.read_bytes())
        steps = _steps(form["history"] if isinstance(form, dict) else form)
    except UsageError as error:
        raise UsageError(f"{path}: {error}; {_HISTORY}, in this order") from None
    except (OSError, ValueError, TypeError, KeyError):
        raise UsageError(f"{path} cannot be read: {_HISTORY}") from None
    if not steps:
        raise UsageError(f"{path} holds no step: {_HISTORY}")
    return steps


def render_request(training: Training) -> str:
    """Render the file of a request, for the owner of the key set."""
    return json.dumps({"form": _FORM, **training.to_json()}, indent=1) + "\n"


def read_request(path: Path) -> Training:
    """Read the file of a request; raise ``UsageError`` if it is none."""
    try:
        form = json.loads(path.read_bytes())
        known = form.pop("form") == _FORM
        training = _parse(form)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        known = False
    if not known:
        raise UsageError(f"{path} is no request of a training; write one with keyveil ledger request")
    return training


def sign_grant(grant: Grant, private: Ed25519PrivateKey) -> bytes:
    """Sign a grant; return the bytes of its file."""
    return sign({"training": grant.training.to_json(), "ledger_id": grant.ledger_id, "at": grant.at}, _GRANT, private)


def check_grant(content: bytes, asked: Training, verifying: Verifying, name: str) -> Grant:
    """Verify a grant and return it.

    Raises ``RefusedError`` if it grants another training than the request asks for, or was signed by a key that is
    not among the keys passed; ``FailedError`` if it was altered. The messages begin with ``name``.
    """
    signer = find_signer(content)
    if signer is not None and not holds(signer, verifying):
        raise RefusedError(
            f"{name} is signed by key {signer}, which is not among the keys that were passed; after a rotation, pass "
            "the public key of before it, or have the reader's keys exported again"
        )
    form: Any = verify(content, _GRANT, verifying, name)
    try:
        grant = Grant(_parse(form["training"]), str(form["ledger_id"]), str(form["at"]))
    except (KeyError, TypeError, ValueError):
        raise RefusedError(f"{name} is no grant of this version; have it granted again: keyveil ledger grant") from None
    if grant.training != asked:
        raise RefusedError(f"{name} grants another training than the request asks for; have this request granted")
    return grant


def _parse(form: Any) -> Training:
    rows = form["history"]
    steps = None if rows is None else _steps(rows)
    return Training(str(form["label"]), float(form["epsilon"]), float(form["delta"]), steps)


def _steps(rows: Any) -> tuple[Gaussian, ...]:
    return tuple(Gaussian(multiplier, times, rate) for multiplier, rate, times in rows)
