"""Train a small model of the next action on a release, with user-level differential privacy, and charge its cost.

docs/utility.md shows how to make the data and start the training.

The privacy unit of DP-SGD is a user: one sample is all of a user's sessions, its gradient is clipped as a whole, and
users are drawn by Poisson sampling. Vocabulary and shapes are constants, never learned from the data. With ``--charge
DIR`` the cost is charged to the ledger of the key set before training begins; the ledger refuses a charge over budget.
With only a reader's keys, write a request (``--request FILE``), have it granted, and train with ``--grant FILE``.
"""  # noqa: INP001 - a script, not a package

import argparse
import json
import subprocess
import sys
import tempfile
import warnings
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import mean
from typing import Any

import pyarrow as pa
import torch
from opacus import PrivacyEngine
from opacus.accountants import RDPAccountant
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

import keyveil
from keyveil.actions import actions
from schemas.safe import EVENTS_SCHEMA

BUCKETS, CONTEXT, STEPS_A_USER = 96, 4, 128
FOLDS, EPOCHS, SHARE, RATE = 2, 15, 0.2, 0.01
NOISE, CLIP, DELTA = 3.0, 1.0, 1e-5


class NextAction(nn.Module):
    """A scorer of the next action given the last ``CONTEXT`` ones: [users, steps, context] to [.., buckets]."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(BUCKETS + 1, 16, padding_idx=BUCKETS)
        self.hidden, self.out = nn.Linear(16 * CONTEXT, 64), nn.Linear(64, BUCKETS)

    def forward(self, context: Tensor) -> Tensor:
        """Compute the scores."""
        return self.out(torch.relu(self.hidden(self.embed(context).flatten(-2))))


def word(row: dict[str, Any]) -> int:
    """Hash an action (kind, keys, role of its target) to a bucket."""
    parts = [row["action"], "+".join(row["keys"] or ()), row["role"] or ""]
    return zlib.crc32("|".join(parts).encode()) % BUCKETS


def users_of(sessions: Iterable[tuple[str, pa.Table]]) -> tuple[Tensor, Tensor]:
    """Build contexts [users, steps, context] and next actions [users, steps], -1 after a user's last step."""
    steps: dict[str, list[tuple[list[int], int]]] = defaultdict(list)
    for user, events in sessions:
        words = [word(row) for row in actions(events, wait_ms=None).to_pylist()]
        padded = [BUCKETS] * CONTEXT + words
        steps[user] += [(padded[at : at + CONTEXT], padded[at + CONTEXT]) for at in range(len(words))]
    contexts = torch.full((len(steps), STEPS_A_USER, CONTEXT), BUCKETS)
    targets = torch.full((len(steps), STEPS_A_USER), -1)
    for place, user in enumerate(sorted(steps)):
        for at, (context, target) in enumerate(steps[user][:STEPS_A_USER]):
            contexts[place, at], targets[place, at] = torch.tensor(context), target
    return contexts, targets


def loss_of(model: nn.Module, contexts: Tensor, targets: Tensor) -> Tensor:
    """Compute the mean over users of each user's mean loss."""
    scores = model(contexts)
    losses = nn.functional.cross_entropy(scores.transpose(1, 2), targets, ignore_index=-1, reduction="none")
    return (losses.sum(1) / (targets >= 0).sum(1).clamp(min=1)).sum() / max(len(targets), 1)


def train_model(contexts: Tensor, targets: Tensor, *, private: bool, seed: int) -> nn.Module:
    """Train a model on these users."""
    torch.manual_seed(seed)
    model: nn.Module = NextAction()
    size = max(1, round(SHARE * len(targets)))
    loader: Any = DataLoader(TensorDataset(contexts, targets), batch_size=size, shuffle=True)
    optimizer: Any = torch.optim.Adam(model.parameters(), lr=RATE)
    if private:
        model, optimizer, loader = PrivacyEngine(accountant="rdp").make_private(
            module=model, optimizer=optimizer, data_loader=loader, noise_multiplier=NOISE, max_grad_norm=CLIP
        )
    for _ in range(EPOCHS):
        for some_contexts, some_targets in loader:
            optimizer.zero_grad()
            loss_of(model, some_contexts.long(), some_targets.long()).backward()
            optimizer.step()
    return model


def accuracy(model: nn.Module, contexts: Tensor, targets: Tensor) -> float:
    """Compute the share of steps whose next action has the highest score."""
    with torch.no_grad():
        hits = model(contexts).argmax(-1) == targets
    return float(hits[targets >= 0].float().mean())


def cross_validated(data: tuple[Tensor, Tensor], *, private: bool) -> float:
    """Compute the mean accuracy on held-out users."""
    contexts, targets = data
    fold = torch.arange(len(targets)) % FOLDS
    found = []
    for at in range(FOLDS):
        model = train_model(contexts[fold != at], targets[fold != at], private=private, seed=at)
        found.append(accuracy(model, contexts[fold == at], targets[fold == at]))
    return mean(found)


def raw_sessions(log: Path) -> Iterable[tuple[str, pa.Table]]:
    """Yield user and rows of each session of a canonical log, unredacted, in the columns of a release."""
    sessions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in log.open(encoding="utf-8"):
        row = json.loads(line)
        sessions[row["session_id"]].append(row)
    plain = pa.schema([f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in EVENTS_SCHEMA])
    for rows in sessions.values():
        ordinals: dict[str, int] = {}
        released = []
        for row in sorted(rows, key=lambda item: item["seq"]):
            field = row.get("field_id")
            target = row.get("target") or {}
            kept = {name: row[name] for name in plain.names if name in row and name not in ("x", "y", "dx", "dy")}
            kept |= {"session": row["session_id"], "user": row["user_id"], "seq": len(released)}
            kept |= {"role": row.get("role") or target.get("role"), "name": row.get("label") or target.get("name")}
            kept["field"] = None if field is None else ordinals.setdefault(field, len(ordinals))
            released.append(kept)
            if row.get("multiline"):
                released.append(kept | {"kind": "text_input", "text": "\n", "seq": len(released)})
        yield rows[0]["user_id"], pa.Table.from_pylist(released, plain).cast(EVENTS_SCHEMA)


def ledger(action: str, *words: str, silent: bool = False) -> None:
    """Run ``keyveil ledger``; end with its exit code if it refuses, which it has explained."""
    command = [sys.executable, "-m", "pipelines.cli.main", "ledger", action, *words]
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL if silent else None)  # noqa: S603
    if done.returncode:
        sys.exit(done.returncode)


def pay(arguments: argparse.Namespace, epsilon: float, history: list[tuple[float, float, int]]) -> None:
    """Charge the training, ask for it, or check that it was granted; raise if the budget does not allow it."""
    with tempfile.TemporaryDirectory() as folder:
        steps, asked = Path(folder) / "history.json", Path(folder) / "request.json"
        steps.write_text(json.dumps(history), encoding="utf-8")
        words = ["--label", arguments.label, "--epsilon", f"{epsilon}", "--delta", f"{DELTA}", "--history", str(steps)]
        if arguments.charge:
            ledger("charge", *words, "--keys", arguments.charge)
        if arguments.request:
            ledger("request", *words, "-o", arguments.request)
        if arguments.grant:
            ledger("request", *words, "-o", str(asked), silent=True)  # only to compare the grant with it
            ledger("granted", arguments.grant, "--request", str(asked), "--keys", arguments.keys)


def warn_of_few(users: int) -> None:
    """Say where the noise outweighs what so many people can teach."""
    enough = round(2 * NOISE * FOLDS / SHARE)
    if users < enough:
        drawn = max(1, round(SHARE * users / FOLDS))
        print(  # noqa: T201
            f"{users} users are too few for DP-SGD: the noise on a step is {NOISE / drawn:.1f} times the largest "
            f"gradient, so expect nothing learned; use {enough} or more",
            file=sys.stderr,
        )


def costliest(users: int) -> tuple[float, list[tuple[float, float, int]]]:
    """Compute epsilon and history of the costliest model: with two folds a user is in the training of one alone."""
    found = []
    for held_out in {users // FOLDS, -(-users // FOLDS)}:
        batches = len(range(0, users - held_out, max(1, round(SHARE * (users - held_out)))))
        accountant = RDPAccountant()
        accountant.history = [(NOISE, 1 / batches, EPOCHS * batches)]
        found.append((accountant.get_epsilon(DELTA), accountant.history))
    return max(found)


def main() -> None:
    """Train the models and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", required=True, help="address of the dataset")
    parser.add_argument("--keys", required=True, help="the reader's key file")
    parser.add_argument("--raw", type=Path, help="the synthetic log behind the release, to price redaction")
    paid = parser.add_mutually_exclusive_group()
    paid.add_argument("--charge", metavar="DIR", help="key set whose ledger pays for the private training")
    paid.add_argument("--request", metavar="FILE", help="write a request for the owner of the key set, and stop")
    paid.add_argument("--grant", metavar="FILE", help="the grant of that request")
    parser.add_argument("--label", help="name of the training, charged once (default: next-action and the release)")
    arguments = parser.parse_args()
    made = keyveil.open_release(arguments.release, keys=arguments.keys).manifest
    arguments.label = arguments.label or f"next-action {made.release_id}"
    warnings.filterwarnings("ignore", message="Full backward hook|Secure RNG turned off|Optimal order")
    released = users_of((e.user, e.events) for e in keyveil.episodes(arguments.release, keys=arguments.keys))
    if len(released[1]) < FOLDS:
        sys.exit(f"{len(released[1])} user in this release, too few for {FOLDS} folds; it takes {FOLDS}")
    epsilon, history = costliest(len(released[1]))
    warn_of_few(len(released[1]))
    pay(arguments, epsilon, history)
    if arguments.request:
        return
    rows = [("released, DP-SGD by user", cross_validated(released, private=True), f"{epsilon:.1f}")]
    rows.append(("released, no DP", cross_validated(released, private=False), "none"))
    if arguments.raw:
        rows.append(
            ("unredacted, no DP", cross_validated(users_of(raw_sessions(arguments.raw)), private=False), "none")
        )
    print(f"{len(released[1])} users, {int((released[1] >= 0).sum())} actions, {FOLDS} folds, delta {DELTA:g}")  # noqa: T201
    for name, share, price in rows:
        print(f"| {name} | {share:.1%} | {price} |")  # noqa: T201


if __name__ == "__main__":
    main()
