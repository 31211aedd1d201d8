"""Show the path from a release to a vision model: wireframes in, the place of the next click out.

    python examples/train_vlm.py --release out/data/demo --keys out/reader.json

The model is tiny, so that two cores are enough: a few convolutions over the picture, joined with the words of the task.
It scores a grid of cells; the one with the highest score is clicked. Each epoch draws every screen in another theme, so
that the model learns structure and not one look. For a large vision-language model the same steps come as a chat::

    steps = keyveil.steps(uri, keys=keys, split="train", observation="image", format="messages")
    chat = [*steps[0].history, steps[0].next_action]
    inputs = processor.apply_chat_template(chat, tokenize=True, return_dict=True, return_tensors="pt")
"""  # noqa: INP001 - a script, not a package

import argparse
import random
import re
import sys
import zlib
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

import keyveil

SIZE, CELL = (256, 160), 16
GRID = (SIZE[0] // CELL, SIZE[1] // CELL)
BUCKETS, WIDTH = 2_048, 32
RATE = 0.003
HELD_OUT = 5
"""Every fifth person is held out; of a release of one person, every fifth step."""


class ClickPlace(nn.Module):
    """A scorer of cells: pictures [batch, 3, height, width] and words [batch, words] to [batch, cells]."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 16, WIDTH, WIDTH, WIDTH)
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), nn.ReLU()]
        self.eye = nn.Sequential(*layers)
        self.words = nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean", padding_idx=0)
        self.out = nn.Conv2d(2 * WIDTH, 1, 3, padding=1)

    def forward(self, pictures: Tensor, words: Tensor) -> Tensor:
        """Compute the scores of the cells."""
        seen = self.eye(pictures)
        queries = self.words(words)[:, :, None, None].expand_as(seen)
        return self.out(torch.cat([seen, seen * queries], dim=1)).flatten(1)


def picture_of(step: keyveil.Step, seed: int) -> Tensor:
    """Draw the screen of a step in the theme of ``seed``: [3, height, width] of 0 to 1."""
    image = keyveil.render(step.screen or keyveil.Screen(seq=0), size=SIZE, seed=seed)
    content = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    return content.view(SIZE[1], SIZE[0], 3).permute(2, 0, 1).float() / 255


def words_of(step: keyveil.Step, length: int = 32) -> Tensor:
    """Hash the words of the task and of the last action; 0 is padding."""
    words = f"{step.task or ''} {step.action.kind} {step.history[-1] if step.history else ''}"
    found = re.findall(r"\w+", words.casefold())[:length]
    return torch.tensor([1 + zlib.crc32(word.encode()) % (BUCKETS - 1) for word in found] + [0] * (length - len(found)))


def cell_of(step: keyveil.Step) -> int:
    """Find the cell that holds the place of the action."""
    x, y = step.action.at or (0, 0)
    return y * GRID[1] // 10_000 * GRID[0] + x * GRID[0] // 10_000


def batch_of(steps: Sequence[keyveil.Step], seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Build pictures, words and cells."""
    pictures = torch.stack([picture_of(step, seed + place) for place, step in enumerate(steps)])
    return pictures, torch.stack([words_of(step) for step in steps]), torch.tensor([cell_of(step) for step in steps])


def train_model(steps: Sequence[keyveil.Step], epochs: int, seed: int = 0, size: int = 8) -> ClickPlace:
    """Train a model; the same steps and seed give the same model."""
    torch.manual_seed(seed)
    draw = random.Random(seed)  # noqa: S311 - an order that can be repeated
    model = ClickPlace()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for epoch in range(epochs):
        order = draw.sample(steps, len(steps))
        for start in range(0, len(order), size):
            pictures, words, cells = batch_of(order[start : start + size], seed=1_000 * epoch + start)
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(pictures, words), cells).backward()
            optimizer.step()
        print(f"epoch {epoch + 1} of {epochs}", file=sys.stderr)  # noqa: T201
    return model


def inside(model: ClickPlace, steps: Sequence[keyveil.Step]) -> float:
    """Compute the share of steps whose best cell has its middle in the released box, or holds the place."""
    hits = 0
    with torch.no_grad():
        for place, step in enumerate(steps):
            best = int(model(picture_of(step, place).unsqueeze(0), words_of(step).unsqueeze(0)).argmax())
            x, y = ((best % GRID[0] + 0.5) * 10_000 / GRID[0], (best // GRID[0] + 0.5) * 10_000 / GRID[1])
            box = step.action.box
            hits += best == cell_of(step) or (
                box is not None and box.left <= x < box.right and box.top <= y < box.bottom
            )
    return hits / len(steps)


def divide(steps: Sequence[keyveil.Step]) -> tuple[list[keyveil.Step], list[keyveil.Step], str]:
    """Divide steps into training and test, and say how; end where there are too few."""
    users = sorted({str(step.user) for step in steps})
    if len(steps) < HELD_OUT:
        raise SystemExit(f"{len(steps)} steps have a place on a drawn screen; it takes {HELD_OUT}")
    if len(users) > 1:
        held_out = set(users[::HELD_OUT])
        train = [step for step in steps if str(step.user) not in held_out]
        return train, [step for step in steps if str(step.user) in held_out], f"of {len(held_out)} other people"
    train = [step for place, step in enumerate(steps) if place % HELD_OUT]
    return train, list(steps[::HELD_OUT]), "of the same person"


def main() -> None:
    """Train on four fifths of the people and print how many clicks of the others are found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", required=True, help="address of the dataset")
    parser.add_argument("--keys", required=True, help="the reader's key file")
    parser.add_argument("--epochs", type=int, default=10)
    arguments = parser.parse_args()
    found = keyveil.steps(arguments.release, arguments.keys)
    drawn = [step for step in found if step.action.at is not None and step.screen is not None and step.screen.nodes]
    train, test, way = divide(drawn)
    print(f"{len(train)} steps to train, {len(test)} {way} to test", flush=True)  # noqa: T201
    share = inside(train_model(train, arguments.epochs), test)
    print(f"clicks inside the box or cell {share:.1%}, one cell by chance {1 / (GRID[0] * GRID[1]):.1%}")  # noqa: T201


if __name__ == "__main__":
    main()
