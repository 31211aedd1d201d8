"""Learn which element of a screen is acted on next: a small scorer of nodes, on released steps alone.

    python examples/train_next_action.py --release out/data/demo --keys out/reader.json

Each node of the screen is scored from its words, its role, its states and its box, given the task and the last actions;
the highest score is the choice. Nodes of screens that the release laid out again stand where its other screens have
them, as steps have it by default. Every fifth person is held out; of a release of one person, every fifth step, which
flatters: the habits of a person tell the answer.
"""  # noqa: INP001 - a script, not a package

import argparse
import random
import re
import zlib
from collections.abc import Sequence

import torch
from torch import Tensor, nn

import keyveil

BUCKETS, WORDS, WIDTH = 4_096, 12, 32
EPOCHS, RATE = 30, 0.01
STATES = ("checked", "disabled", "expanded", "focused", "selected")
PAST = 3
HELD_OUT = 5
"""Every fifth is held out."""


class ElementChoice(nn.Module):
    """A scorer of nodes: words [nodes, WORDS], shapes [nodes, 9] and a context [words] to [nodes]."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean", padding_idx=0)
        self.hidden = nn.Linear(3 * WIDTH + 4 + len(STATES), 64)
        self.out = nn.Linear(64, 1)

    def forward(self, words: Tensor, shapes: Tensor, context: Tensor) -> Tensor:
        """Compute the scores of the nodes of one screen."""
        node = self.words(words)
        around = self.words(context.unsqueeze(0)).expand_as(node)
        hidden = torch.relu(self.hidden(torch.cat([node, around, node * around, shapes], dim=1)))
        return self.out(hidden).squeeze(1)


Example = tuple[Tensor, Tensor, Tensor, int]


def bucket(text: str, length: int) -> list[int]:
    """Hash the words of a text; 0 is padding."""
    found = re.findall(r"\w+", text.casefold())[:length]
    return [1 + zlib.crc32(word.encode()) % (BUCKETS - 1) for word in found] + [0] * (length - len(found))


def example_of(step: keyveil.Step) -> Example | None:
    """Build the input of the model and the index of the element acted on; None where the step names none."""
    if step.screen is None or step.action.node is None or step.action.node >= len(step.screen.nodes):
        return None
    nodes = step.screen.nodes
    words = [bucket(f"{node.role} {node.name or ''} {node.value or ''}", WORDS) for node in nodes]
    shapes = []
    for node in nodes:
        edges = (node.box.left, node.box.top, node.box.right, node.box.bottom) if node.box else (0, 0, 0, 0)
        shapes.append([edge / 10_000 for edge in edges] + [float(state in node.states) for state in STATES])
    past = " ".join(str(call) for call in step.history[-PAST:])
    context = bucket(f"{step.task or ''} {step.action.kind} {past}", 4 * WORDS)
    return torch.tensor(words), torch.tensor(shapes), torch.tensor(context), step.action.node


def train_model(examples: Sequence[Example], seed: int = 0) -> ElementChoice:
    """Train a model; the same examples and seed give the same model."""
    torch.manual_seed(seed)
    draw = random.Random(seed)  # noqa: S311 - an order that can be repeated
    model = ElementChoice()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for _ in range(EPOCHS):
        for words, shapes, context, target in draw.sample(examples, len(examples)):
            optimizer.zero_grad()
            scores = model(words, shapes, context)
            nn.functional.cross_entropy(scores.unsqueeze(0), torch.tensor([target])).backward()
            optimizer.step()
    return model


def accuracy(model: ElementChoice, examples: Sequence[Example]) -> float:
    """Compute the share of steps whose element has the highest score."""
    with torch.no_grad():
        hits = [int(model(words, shapes, context).argmax()) == target for words, shapes, context, target in examples]
    return sum(hits) / len(hits)


def divide(examples: Sequence[tuple[str, Example]]) -> tuple[list[Example], list[Example], str]:
    """Divide examples of users into training and test, and say how; end where there are too few."""
    users = sorted({user for user, _ in examples})
    if len(examples) < HELD_OUT:
        raise SystemExit(f"{len(examples)} steps name a node of their screen; it takes {HELD_OUT}")
    if len(users) > 1:
        held_out = [user in set(users[::HELD_OUT]) for user, _ in examples]
        way = f"of {len(users[::HELD_OUT])} other people"
    else:
        held_out = [place % HELD_OUT == 0 for place in range(len(examples))]
        way = "of the same person"
    train = [example for (_, example), out in zip(examples, held_out, strict=True) if not out]
    return train, [example for (_, example), out in zip(examples, held_out, strict=True) if out], way


def main() -> None:
    """Train on four fifths of the people and print the accuracy on the others."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", required=True, help="address of the dataset")
    parser.add_argument("--keys", required=True, help="the reader's key file")
    arguments = parser.parse_args()
    found = [(step.user, example_of(step)) for step in keyveil.steps(arguments.release, arguments.keys)]
    train, test, way = divide([(str(user), example) for user, example in found if example is not None])
    chance = sum(1 / len(words) for words, _, _, _ in test) / len(test)
    print(f"{len(train)} steps to train, {len(test)} {way} to test", flush=True)  # noqa: T201
    torch.set_num_threads(1)  # one screen at a time: threads cost more than they save, ten to forty times the time
    share = accuracy(train_model(train), test)
    print(f"element accuracy {share:.1%}, chance {chance:.1%}")  # noqa: T201


if __name__ == "__main__":
    main()
