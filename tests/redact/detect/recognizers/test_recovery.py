import itertools

import pytest

from tests.redact.detect.recognizers.conftest import Find

WORDS = "canyon ladder velvet orbit mango thunder pencil harbor cactus lemon rocket puzzle".split()
PHRASE = " ".join(WORDS)
NUMBERED = "\n".join(f"{number}. {word}" for number, word in enumerate(WORDS, 1))


@pytest.mark.parametrize(
    "text",
    [
        f"Recovery phrase: {PHRASE}",
        f"Your secret recovery phrase (12 words)\n{PHRASE}",
        f"Seed phrase\n\n{NUMBERED}",
        f"Wiederherstellungsphrase: {PHRASE}",
        f"mnemonic={PHRASE}",
        f"Write these down\n{NUMBERED}\nNext",
        f"notes\n{PHRASE}\nbuy milk",
        "Recovery phrase: " + " ".join(WORDS[:9]),
    ],
)
def test_every_word_of_a_phrase_goes(find: Find, text: str) -> None:
    (secret,) = [surface for entity, surface in find(text) if entity == "SECRET"]
    assert WORDS[0] in secret
    assert WORDS[8] in secret


@pytest.mark.parametrize(
    "text",
    [
        "Never share your recovery phrase with anyone. We will never ask them for this by mail, says the page",
        "Recovery phrase: " + " ".join(WORDS[:8]),
        " ".join(WORDS[:11]),
        " ".join([*WORDS, "tiger"]),
        " ".join([*WORDS[:11], "the"]),
        "\n".join(f"{number}. {word}" for number, word in enumerate(WORDS[:11], 1)),
    ],
)
def test_other_words_are_left(find: Find, text: str) -> None:
    assert not [surface for entity, surface in find(text) if entity == "SECRET"]


CODES = ("4f7a-91bc", "08de-77a1", "e52c-6b90")


@pytest.mark.parametrize("cue", ["Backup codes", "Recovery codes:", "Wiederherstellungscodes", "Codes de secours"])
@pytest.mark.parametrize("joint", ["\n", "  ", "\n\n", ", ", "\n• "])
def test_every_code_of_a_list_goes_and_its_cue_stays(find: Find, cue: str, joint: str) -> None:
    text = f"{cue}\nKeep them safe\n{joint.join(CODES)}\nDownload"
    found = [surface for _, surface in find(text)]
    assert all(any(code in surface for surface in found) for code in CODES), found
    assert not [surface for surface in found if cue[:6] in surface or "Download" in surface]


def test_codes_on_the_line_of_their_cue_go(find: Find) -> None:
    found = [surface for _, surface in find("Backup codes: 91bc4f7a, 77a108de")]
    assert all(any(code in surface for surface in found) for code in ("91bc4f7a", "77a108de")), found


@pytest.mark.parametrize(("lines", "is_found"), [(3, True), (4, False)])
def test_a_list_begins_within_three_lines(find: Find, lines: int, *, is_found: bool) -> None:
    between = "\n".join(itertools.repeat("more words here", lines))
    assert bool(find(f"Backup codes\n{between}\n4f7a-91bc")) is is_found
