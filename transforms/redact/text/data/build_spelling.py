"""Build ``spelling.npz``: weights that tell names from ordinary words by their letters, from the sources in the README.

``python -m transforms.redact.text.data.build_spelling``; ``simplemma`` must be installed. Run it after the other two.
Logistic regression on runs of two to four letters: 66,000 listed names against 300,000 words of eleven languages.
"""

import importlib
import random
import re
import sys
from pathlib import Path

import numpy as np
import torch

from transforms.redact.text.spelling import BUCKETS, list_runs

_HERE = Path(__file__).parent
_WORD = re.compile(r"[^\W\d_]{3,24}")
_LANGUAGES = ("de", "fr", "es", "it", "pl", "nl", "sv", "tr", "ru", "pt")
_MOST, _WORDS = 40_000, 300_000
_LEAST_GERMAN_NOUN = 9
"""Fewest letters of a German noun: shorter capitalised ones may be names."""
_WEIGHT, _ROUNDS, _BATCH, _RATE = 2.0, 3, 4096, 0.05
_HELD_BACK = 6_000


def _read(*names: str) -> set[str]:
    lines = ((_HERE / name).read_text(encoding="utf-8").splitlines() for name in names)
    return {word for listed in lines for line in listed if _WORD.fullmatch(word := line.partition(" ")[0])}


def _inflect(language: str, names: set[str], draw: random.Random) -> list[str]:
    """Draw inflected words of a language: simplemma's forms without capitals, and long German nouns."""
    factory = importlib.import_module("simplemma.strategies.dictionaries.dictionary_factory").DefaultDictionaryFactory()
    forms = (form.decode() if isinstance(form, bytes) else form for form in factory.get_dictionary(language))
    nouns = _LEAST_GERMAN_NOUN if language == "de" else 99
    chosen = {form.lower() for form in forms if form == form.lower() or len(form) >= nouns}
    kept = sorted(word for word in chosen - names if _WORD.fullmatch(word))
    draw.shuffle(kept)
    return kept[:_MOST]


def collect() -> tuple[list[str], list[str]]:
    """Return shuffled names and shuffled ordinary words."""
    draw = random.Random(3)  # noqa: S311 - a sample, no secret
    names = _read("given_names.txt", "surnames.txt")
    words = _read("other_languages.txt", "technical_words.txt", "words.txt") - names
    for language in _LANGUAGES:
        words.update(_inflect(language, names, draw))
    listed, ordinary = sorted(names), sorted(words)
    draw.shuffle(listed)
    draw.shuffle(ordinary)
    return listed, ordinary[:_WORDS]


def _pack(words: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    runs = [list_runs(word) for word in words]
    starts = np.cumsum([0, *map(len, runs[:-1])])
    return torch.tensor([run for listed in runs for run in listed]), torch.from_numpy(starts)


def train(names: list[str], words: list[str]) -> tuple[torch.nn.EmbeddingBag, torch.Tensor]:
    """Fit the weights of the runs and the bias; the same on every machine with the same torch."""
    torch.manual_seed(1)
    torch.use_deterministic_algorithms(mode=True)
    weights = torch.nn.EmbeddingBag(BUCKETS, 1, mode="mean")
    torch.nn.init.zeros_(weights.weight)
    bias = torch.nn.Parameter(torch.tensor(-1.0))
    optimiser = torch.optim.Adam([*weights.parameters(), bias], lr=_RATE)
    data = [*((name, 1.0) for name in names), *((word, 0.0) for word in words)]
    draw = random.Random(5)  # noqa: S311 - an order, no secret
    for _ in range(_ROUNDS):
        draw.shuffle(data)
        for at in range(0, len(data), _BATCH):
            batch = data[at : at + _BATCH]
            told = torch.tensor([value for _, value in batch])
            score = weights(*_pack([word for word, _ in batch])).squeeze(1) + bias
            loss = torch.nn.functional.binary_cross_entropy_with_logits(score, told, weight=1 + (_WEIGHT - 1) * told)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return weights, bias.detach()


def main() -> None:
    """Train, print what share of held-back words lies below a share of held-back names, and write the weights."""
    names, words = collect()
    weights, bias = train(names[_HELD_BACK:], words[_HELD_BACK:])
    with torch.no_grad():
        scores = [(weights(*_pack(part[:_HELD_BACK])).squeeze(1) + bias).numpy() for part in (names, words)]
    for share in (0.02, 0.05, 0.1, 0.2):
        bound = float(np.quantile(scores[0], share))
        sys.stdout.write(f"below {bound:5.2f}: {share:.0%} of names, {np.mean(scores[1] < bound):.1%} of words\n")
    exact = weights.weight.detach().numpy()[:, 0]
    scale = float(np.abs(exact).max()) / 127
    np.savez_compressed(
        _HERE / "spelling.npz", runs=np.round(exact / scale).astype(np.int8), scale=scale, bias=float(bias)
    )


if __name__ == "__main__":
    main()
