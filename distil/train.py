"""Train the small classifier on the large one's answers and the templates' labels.

Run: python -m distil.train TAUGHT.npz [TAUGHT.npz ...] --held HELD.npz --output COMPACT.npz [--minutes 60]

The pupil starts as layers of the teacher without the less used half of each feed-forward layer; it keeps the teacher's
embeddings. Loss: Kullback-Leibler divergence from a target that is half the teacher's probabilities and
half the label of the template if there is one, else the teacher's alone.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from transforms.redact.models.rampart import collapse, model_files
from transforms.redact.models.rampart_weights import Dense, Floats, Norm, Weights, read_weights, write_compact
from transforms.redact.models.rampart_weights import Layer as LayerWeights

LAYERS = (0, 2, 4)
HEADS = 12
WIDE = 768
_BATCH_TOKENS = 3_000
_RATE = 3e-4
_WARM_UP = 0.03
_EPSILON = 1e-12
_EXTRA = 2
_HIDDEN = -1e4
"""Score of a place beyond the end of a text."""
_SAMPLED = 40
"""Batches that decide which inner units stay."""
_TINY = 1e-8
_LEAST = 0.05
"""Probability of any name from which a word piece is passed on: what the report below counts."""


@dataclass(frozen=True)
class TrainingTexts:
    """Concatenated texts with the labels of their tokens (see ``distil.teach``)."""

    tokens: npt.NDArray[np.uint16]
    starts: npt.NDArray[np.int64]
    target: npt.NDArray[np.float16]
    taught: npt.NDArray[np.float16]
    known: npt.NDArray[np.int8]


def read(files: Sequence[Path]) -> TrainingTexts:
    """Read and concatenate the texts of ``files``."""
    parts = [np.load(file) for file in files]
    taught = np.concatenate([part["taught"] for part in parts])
    known = np.concatenate([part["known"] for part in parts])
    target = taught.copy()
    sure = np.flatnonzero(known >= 0)
    target[sure] *= np.float16(0.5)
    target[sure, known[sure]] += np.float16(0.5)
    starts = np.cumsum([0, *np.concatenate([np.diff(part["starts"]) for part in parts])], dtype=np.int64)
    return TrainingTexts(np.concatenate([part["tokens"] for part in parts]), starts, target, taught, known)


def batches(data: TrainingTexts, chance: np.random.Generator | None) -> Iterator[npt.NDArray[np.int64]]:
    """Yield batches of text numbers, each of about one length."""
    lengths = np.diff(data.starts)
    order = np.argsort(lengths + (chance.random(len(lengths)) if chance else 0), kind="stable")
    groups, first = [], 0
    while first < len(order):
        size = max(1, _BATCH_TOKENS // int(lengths[order[first]] + _EXTRA))
        groups.append(order[first : first + size])
        first += size
    for at in chance.permutation(len(groups)) if chance else range(len(groups)):
        yield groups[at]


def pad(data: TrainingTexts, texts: npt.NDArray[np.int64], marks: tuple[int, int]) -> tuple[Tensor, Tensor, Tensor]:
    """Pad texts to token ids and a mask, shape (texts, tokens), and return the positions of each text's tokens."""
    lengths = np.diff(data.starts)[texts]
    ids = np.zeros((len(texts), int(lengths.max()) + _EXTRA), dtype=np.int64)
    mask = np.zeros_like(ids, dtype=np.bool_)
    places = []
    for row, (text, length) in enumerate(zip(texts, lengths, strict=True)):
        start = data.starts[text]
        ids[row, 0], ids[row, length + 1] = marks
        ids[row, 1 : length + 1] = data.tokens[start : start + length]
        mask[row, : length + 2] = True
        places.append(np.arange(start, start + length))
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(np.concatenate(places))


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self, weights: LayerWeights) -> None:
        super().__init__()
        self.mix, self.out, self.up, self.down = map(_linear, (weights.mix, weights.out, weights.up, weights.down))
        self.first, self.second = _norm(weights.first), _norm(weights.second)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Compute the next hidden states, shape (texts, tokens, width)."""
        texts, tokens, width = hidden.shape
        query, key, value = (
            part.view(texts, tokens, HEADS, width // HEADS).transpose(1, 2)
            for part in self.mix(hidden).chunk(3, dim=-1)
        )
        scores = query @ key.transpose(2, 3) / (width // HEADS) ** 0.5
        seen = torch.softmax(scores.masked_fill(~mask[:, None, None, :], _HIDDEN), dim=-1) @ value
        hidden = self.first(hidden + self.out(seen.transpose(1, 2).reshape(texts, tokens, width)))
        used: Tensor = self.second(hidden + self.down(self.widen(hidden)))
        return used

    def widen(self, hidden: Tensor) -> Tensor:
        """Compute the inner activations of the feed-forward part."""
        return functional.gelu(self.up(hidden))

    def weights(self) -> LayerWeights:
        """Export the weights as arrays."""
        dense = [_dense(part) for part in (self.mix, self.out, self.up, self.down)]
        first, second = (Norm(_array(part.weight), _array(part.bias)) for part in (self.first, self.second))
        return LayerWeights(dense[0], dense[1], first, dense[2], dense[3], second)


def _linear(weights: Dense) -> nn.Linear:
    linear = nn.Linear(*weights.weight.shape)
    linear.weight.data = torch.from_numpy(np.ascontiguousarray(weights.weight.T))
    linear.bias.data = torch.from_numpy(weights.bias.copy())
    return linear


def _dense(linear: nn.Linear) -> Dense:
    return Dense(np.ascontiguousarray(_array(linear.weight).T), _array(linear.bias))


def _norm(weights: Norm) -> nn.LayerNorm:
    norm = nn.LayerNorm(len(weights.scale), eps=_EPSILON)
    norm.weight.data = torch.from_numpy(weights.scale.copy())
    norm.bias.data = torch.from_numpy(weights.shift.copy())
    return norm


def _array(tensor: Tensor) -> Floats:
    array: Floats = tensor.detach().numpy()
    return array


class Pupil(nn.Module):
    """The small classifier."""

    def __init__(self, weights: Weights, layers: Sequence[int]) -> None:
        super().__init__()
        self.pieces = torch.from_numpy(weights.embeddings.pieces)
        self.places = torch.from_numpy(weights.embeddings.places)
        self.norm = _norm(weights.embeddings.norm).requires_grad_(requires_grad=False)
        self.layers = nn.ModuleList([Layer(weights.layers[number]) for number in layers])
        self.head = _linear(weights.head)

    def embed(self, ids: Tensor) -> Tensor:
        """Compute the hidden states before the first layer."""
        hidden: Tensor = self.norm(self.pieces[ids] + self.places[: ids.shape[1]])
        return hidden

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Compute the logits, shape (texts, tokens, labels)."""
        hidden = self.embed(ids)
        for layer in self.layers:
            hidden = layer(hidden, mask)
        logits: Tensor = self.head(hidden)
        return logits


@torch.no_grad()
def narrow(model: Pupil, data: TrainingTexts, marks: tuple[int, int], wide: int) -> None:
    """Keep the ``wide`` most used inner units of each layer, by mean activation times outgoing weight."""
    importance = [torch.zeros(layer.up.out_features) for layer in model.layers]
    chance = np.random.default_rng(0)
    for _, texts in zip(range(_SAMPLED), batches(data, chance), strict=False):
        ids, mask, _ = pad(data, texts, marks)
        hidden = model.embed(ids)
        for layer, sums in zip(model.layers, importance, strict=True):
            inner = hidden
            after = layer(inner, mask)
            seen = layer.widen(hidden)
            sums.add_(seen[mask].abs().mean(dim=0))
            hidden = after
    for layer, total in zip(model.layers, importance, strict=True):
        kept = torch.topk(total * layer.down.weight.norm(dim=0), wide).indices.sort().values
        layer.up.weight.data, layer.up.bias.data = layer.up.weight[kept].contiguous(), layer.up.bias[kept].contiguous()
        layer.down.weight.data = layer.down.weight[:, kept].contiguous()
        layer.up.out_features = layer.down.in_features = wide


def loss_of(
    model: Pupil, data: TrainingTexts, texts: npt.NDArray[np.int64], marks: tuple[int, int], gather: Tensor
) -> Tensor:
    """Compute the mean divergence of the model's probabilities from the target, in nats per token."""
    ids, mask, places = pad(data, texts, marks)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(ids, mask)
    inner = mask.clone()
    inner[:, 0] = False
    inner.scatter_(1, mask.sum(dim=1, keepdim=True) - 1, value=False)
    shares = torch.softmax(logits.float()[inner], dim=-1) @ gather
    target = torch.from_numpy(data.target[places.numpy()].astype(np.float32))
    return functional.kl_div((shares + _TINY).log(), target, reduction="batchmean")


@torch.no_grad()
def report(model: Pupil, data: TrainingTexts, marks: tuple[int, int], gather: Tensor) -> str:
    """Compare the model with its teacher on held-out texts."""
    least = np.full(gather.shape[1], 0.6, dtype=np.float32)
    least[1] = _LEAST
    counts = dict.fromkeys(("teacher", "both", "pupil", "gold", "gold by teacher", "gold by pupil"), 0)
    loss, tokens = 0.0, 0
    for texts in batches(data, None):
        ids, mask, places = pad(data, texts, marks)
        logits = model(ids, mask)
        inner = mask.clone()
        inner[:, 0] = False
        inner.scatter_(1, mask.sum(dim=1, keepdim=True) - 1, value=False)
        shares = (torch.softmax(logits[inner], dim=-1) @ gather).numpy()
        taught, known = data.taught[places].astype(np.float32), data.known[places]
        loss += float((taught * (np.log(taught + _TINY) - np.log(shares + _TINY))).sum())
        tokens += len(shares)
        theirs, ours = (taught[:, 1:] >= least[1:]).any(axis=1), (shares[:, 1:] >= least[1:]).any(axis=1)
        counts["teacher"] += int(theirs.sum())
        counts["both"] += int((theirs & ours).sum())
        counts["pupil"] += int(ours.sum())
        counts["gold"] += int((known > 0).sum())
        counts["gold by teacher"] += int((theirs & (known > 0)).sum())
        counts["gold by pupil"] += int((ours & (known > 0)).sum())
    return f"divergence {loss / tokens:.4f} nats a token; " + ", ".join(f"{k} {v:,}" for k, v in counts.items())


def main() -> None:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("taught", type=Path, nargs="+")
    parser.add_argument("--held", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--layers", type=int, nargs="+", default=LAYERS)
    parser.add_argument("--wide", type=int, default=WIDE)
    asked = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(asked.threads)
    data, held = read(asked.taught), read([asked.held])
    files = model_files()
    gather = torch.from_numpy(collapse(files)[1])
    marks = files.marks()
    weights = read_weights(files.network)
    model = Pupil(weights, asked.layers)
    narrow(model, held, marks, asked.wide)
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=_RATE, weight_decay=0.01)
    chance = np.random.default_rng(0)
    begin, step, seen, total = time.monotonic(), 0, 0, 0.0
    print(report(model, held, marks, gather), flush=True)
    while (share := (time.monotonic() - begin) / (asked.minutes * 60)) < 1:
        for texts in batches(data, chance):
            share = (time.monotonic() - begin) / (asked.minutes * 60)
            if share >= 1:
                break
            for group in optimiser.param_groups:
                group["lr"] = _RATE * min(share / _WARM_UP, 1 - share) if share < 1 else 0.0
            optimiser.zero_grad()
            loss = loss_of(model, data, texts, marks, gather)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step, total = step + 1, total + float(loss.detach())
            seen += int(np.diff(data.starts)[texts].sum())
            if step % 100 == 0:
                spent = time.monotonic() - begin
                print(f"{spent:.0f} s, step {step:,}, {seen / spent:,.0f} tokens/s, loss {total / 100:.4f}", flush=True)
                total = 0.0
            if step % 1000 == 0:
                print(report(model, held, marks, gather), flush=True)
                save(model, weights, asked.output)
    print(report(model, held, marks, gather), flush=True)
    save(model, weights, asked.output)


def save(model: Pupil, taught: Weights, output: Path) -> None:
    """Write the weights without the teacher's embeddings."""
    layers = tuple(layer.weights() for layer in model.layers)
    write_compact(output, Weights(taught.embeddings, layers, _dense(model.head)))


if __name__ == "__main__":
    main()
