"""Documents about software: what marks one, and which words of it are no people."""

import pytest

from schemas.entities import EntityType, Span
from transforms.redact.detect.names.documents import drop_terms, is_document


@pytest.mark.parametrize(
    "marks",
    [
        ["```", "`lark`", "see [the docs](https://lark.example)"],
        [">>> 1", "$ lark", "import lark"],
        ["from lark.tree import Tree", ".. code-block:: python", ".. |docs| image:: x"],
        ["## Use", "as follows::", "pip install lark"],
        ["[a](#use)", "[b](./use.md)", "sudo apt-get install lark"],
        ["<h1>Lark</h1>", '  <p align="center">', "</div>"],
        ["https://img.shields.io/a", "https://x.example/badge.svg", "https://pypi.org/project/a"],
    ],
)
def test_three_marks_make_a_document(marks: list[str]) -> None:
    assert is_document("\n".join(marks))
    assert not is_document("\n".join(marks[1:]))


@pytest.mark.parametrize(("lines", "document"), [(31, True), (32, False)])
def test_one_line_in_ten_holds_a_mark(lines: int, *, document: bool) -> None:
    assert is_document("\n".join(["`a` `b` `c`"] + ["and prose"] * (lines - 1))) == document


@pytest.mark.parametrize(
    "line", ["# general", "1. one", "reinstall add", "[a] (x)", "> a reply", "it costs $ 12", "an import of tea"]
)
def test_marks_of_other_texts_are_none(line: str) -> None:
    assert not is_document("\n".join([line] * 3))


def kept(text: str, value: str, entity: EntityType = EntityType.PERSON) -> bool:
    start = text.rindex(value)
    return list(drop_terms(text, [Span(start, start + len(value), entity, 0.5)])) != []


@pytest.mark.parametrize(
    "code",
    [
        "import zorblax",
        "    from zorblax import x",
        "from zorblax.part import x",
        "import zorblax as z",
        "import zorblax.part",
        'import zorblax from "z"',
        ">>> import zorblax",
        "require('zorblax')",
        'require("zorblax")',
        "pip install zorblax",
        "pip3 install -U --pre 'zorblax",
        "npm install zorblax",
        "cargo add zorblax",
        "`zorblax`",
        "`zorblax.run(1)`",
        "`zorblax(1)`",
        "import { run } from 'zorblax';",
        "import 'zorblax'",
        "npm create zorblax@latest",
        "npx init zorblax",
        "https://pypi.org/project/zorblax/",
        "https://www.npmjs.com/package/zorblax",
        "https://github.com/quill/zorblax/issues",
        "https://img.shields.io/npm/v/zorblax.svg",
        "https://img.shields.io/conda/vn/conda-forge/zorblax",
        "https://zorblax.readthedocs.io/en/stable",
        "# Zorblax",
        "## What is Zorblax?",
        "Zorblax\n=======",
        "<h1 align='center'> Zorblax </h1>",
        "**Zorblax** is a parser",
        "Zorblax is designed to parse",
    ],
)
def test_a_word_that_code_uses_is_no_person(code: str) -> None:
    assert not kept(f"{code}\nZorblax is fast", "Zorblax")
    assert not kept(f"{code}\nUse of Zorblax's parts", "Zorblax's")


@pytest.mark.parametrize(
    "code",
    [
        "important zorblax",
        "`a zorblax`",
        "we import zorblax",
        "pip install zorblax@1",
        "pip install x zorblax",
        "zorblax",
        "from zorblax last week",
        "import zorblax when you can",
        "https://github.com/zorblax/quill",
        "https://github.com/zorblax",
        "https://github.com/sponsors/zorblax",
        "https://github.com/zorblax/zorblax",
        "https://github.com/quill/zorblax.github.io",
        "https://github.com/quill/zorblax-notes",
        "https://x.example/zorblax",
        "import { zorblax } from 'quill'",
        "# Ask Zorblax",
        "##### Zorblax",
        "Zorblax\n==",
        "Zorblax is late",
        "npm create zorblax@example.com",
    ],
)
def test_a_word_elsewhere_stays_one(code: str) -> None:
    assert kept(f"{code}\nZorblax is fast", "Zorblax")


@pytest.mark.parametrize(
    "code", ["import anna", "from anna import x", "gem install anna", "`anna`", "from Anna last week"]
)
def test_a_listed_name_stays_a_name(code: str) -> None:
    assert kept(f"{code}\nAnna is fast", "Anna")


def test_names_of_two_words_and_other_values_stay() -> None:
    assert kept("import zorblax\nby Zorblax Quill", "Zorblax Quill")
    assert kept("import zorblax\nat Zorblax", "Zorblax", EntityType.LOCATION)


TOLD = "pip install anna\nhttps://pypi.org/project/anna"


@pytest.mark.parametrize("line", ["Anna is fast", "see Anna", "Use of Anna"])
def test_a_listed_name_that_is_told_twice_is_a_package(line: str) -> None:
    assert not kept(f"{TOLD}\n{line}", "Anna")
    assert kept(f"pip install anna\n{line}", "Anna")


def test_headings_and_sentences_alone_make_no_package_of_a_listed_name() -> None:
    team = "## Anna\nAnna is the maintainer.\nAnna is a parent."
    assert kept(f"{team}\nAnna is fast", "Anna")
    assert not kept(f"{team}\npip install anna\nAnna is fast", "Anna")


@pytest.mark.parametrize("line", ["ask Anna", "by Anna", "Hi, Anna", "thanks: Anna", "cc @Anna", "Mrs Anna"])
def test_a_listed_name_that_is_spoken_of_as_a_person_stays_one(line: str) -> None:
    assert kept(f"{TOLD}\n{line}", "Anna")


@pytest.mark.parametrize("line", ["task Anna", "ask  some, Anna", "standby Anna"])
def test_other_words_before_it_say_nothing(line: str) -> None:
    assert not kept(f"{TOLD}\n{line}", "Anna")
