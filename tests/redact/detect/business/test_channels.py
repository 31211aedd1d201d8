"""Channels and workspaces of chats; directives, colours, numbers and headings stay."""

import pytest

from schemas.entities import EntityType
from transforms.redact.detect.business.channels import find_channels, find_listed_channels


def found(line: str, *, title: bool = False) -> list[str]:
    signs = {EntityType.CHANNEL: "", EntityType.ORGANISATION: "@"}
    return [signs[entity] + line[start:end] for start, end, entity, _ in find_channels(line, title=title)]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("ask in #blue-heron please", ["#blue-heron"]),
        ("#general", ["#general"]),
        ("(#ops_2) and '#team.x", ["#ops_2"]),
        ("joined #l\u00f6schen.", ["#l\u00f6schen"]),
        ("#fab1 #fab12", ["#fab12"]),
        ("#x", ["#x"]),
    ],
)
def test_names_with_their_sign(line: str, names: list[str]) -> None:
    assert found(line)[: len(names)] == names


@pytest.mark.parametrize(
    "line",
    [
        "#include <stdio.h>",
        "#define X 1",
        "say #include or #pragma",
        "#123 #fff #a1b2c3 #a1b2c3d4",
        "# Heading",
        "issue#general page.html#general /#general",
        "#Heading #General",
        "#header { color: red; }",
        "git commit -m #general",
        'see [it](#general) and <a href="#general">',
    ],
)
def test_other_signs_stay(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("general (Channel) - Acme Two - Slack", ["general", "@Acme Two"]),
        ("* incident-4 (Private Channel) - Acme Two - 2 new items - Slack", ["incident-4", "@Acme Two"]),
        ("Threads - Acme Two - Slack", ["@Acme Two"]),
        ("Slack | general | Acme Two", ["@Acme Two"]),
        ("#general | Guild of Ducks - Discord", ["#general", "@Guild of Ducks"]),
        ("(3) Discord | #ducks | Guild of Ducks", ["#ducks", "@Guild of Ducks"]),
        ("General (Engineering North) | Microsoft Teams", ["General", "Engineering North"]),
        ("Chat | Anna | Microsoft Teams", []),
        ("general (Channel) - Acme Two - Zed", []),
        ("#general | acme-oss", ["#general", "@acme-oss"]),
        ("#general", ["#general"]),
        ("notes | #general | Acme Two", ["#general", "@Acme Two"]),
        ("a | b | #general | Acme Two", ["#general"]),
        ("Slack", []),
        ("Discord", []),
    ],
)
def test_titles_name_them_without_a_sign(title: str, names: list[str]) -> None:
    assert found(title, title=True) == names


@pytest.mark.parametrize(("marks", "letters", "named"), [(8, 1, True), (9, 1, False), (0, 100, True), (0, 101, False)])
def test_titles_longer_than_any_of_a_program_are_not_searched(marks: int, letters: int, named: bool) -> None:
    name = "g" * letters
    assert (found(f"{'*' * marks}{name} (Channel) - Acme Two - Slack", title=True)[:-1] == [name]) is named


def listed(screen: str) -> list[str]:
    signs = {EntityType.CHANNEL: "", EntityType.ORGANISATION: "@"}
    return [signs[entity] + screen[start:end] for start, end, entity, _ in find_listed_channels(screen)]


@pytest.mark.parametrize(
    ("screen", "names"),
    [
        ("Acme\nCHANNELS\n# blue-heron\n#ops 12\nsent", ["# blue-heron", "#ops"]),
        ("Kan\u00e4le\n\uff03 r\u00e4ume", ["\uff03 r\u00e4ume"]),
        ("\u041a\u0430\u043d\u0430\u043b\u044b\n# \u043f\u043b\u0430\u043d", ["# \u043f\u043b\u0430\u043d"]),
        ("# ops\nchannels\nops \u2013 at night\nops", ["# ops", "ops", "ops"]),
        ("\uff03\nops | at night\nchannels\n# ops", ["# ops", "\uff03\nops"]),
        ("channels\n# ops\nops at night", ["# ops"]),
        ("channels\n# general\n# random 3\ngeneral - say hi", []),
        ("channels\n# Heading\n# two words\n## ops\n#", []),
        ("our channels\n# ops", []),
        ("# ops", []),
        ("#ops | Acme Two\n#ops | Acme T...\n#ops | Acme Slack", ["@Acme Two", "@Acme T...", "@Acme"]),
        ("see #ops | Acme\n#ops | A\n#ops | a | b", []),
    ],
)
def test_a_screen_lists_channels_below_a_heading_and_names_them_above_what_they_hold(
    screen: str, names: list[str]
) -> None:
    assert listed(screen) == names
