import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.detect import people_rules
from transforms.redact.detect.people import people
from transforms.redact.detect.people_rules import guesses
from transforms.redact.detect.words import split


def found(text: str) -> list[str]:
    words = split(text)
    return [text[span.start : span.end] for span in people(text, words, guesses(text, words))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hi ravi,", "ravi"),
        ("Dear Mr Ravendale,", "Mr Ravendale"),
        ("From: Grace Banks <x@example.com>", "Grace Banks"),
        ("Grace Banks (DM)", "Grace Banks"),
        ("Chat | Grace Banks (You)", "Grace Banks"),
        ("Jack Woods | Microsoft Teams", "Jack Woods"),
        ("Rosalind Hall", "Rosalind Hall"),
        ("Woods_onboarding_plan.docx", "Woods"),
        ("need zoltanka bercse's number", "zoltanka bercse"),
        ("zoltanka bercse linkedin", "zoltanka bercse"),
        ("lunch with qadira", "qadira"),
        ("our client zoltanka wrote again", "zoltanka"),
        ("assigned to Jack Woods", "Jack Woods"),
        ("meeting w glen moved", "glen"),
        ("meeting w/ glen moved", "glen"),
        ("grace is organising", "grace"),
        ("grace just emailed me", "grace"),
        ("Woods said so", "Woods"),
        ("zoltanka is here, call her", "zoltanka"),
        ("zoltanka is " + "x" * 79 + " her", "zoltanka"),
        ("So it was. Zoltanka will do. He can", "Zoltanka"),
        ("music by VJ Switchel now", "VJ Switchel"),
        ("a reaction to DJ Switch now", "DJ Switch"),
    ],
)
def test_structure_tells_a_name(text: str, name: str) -> None:
    assert name in [value.removesuffix("'s") for value in found(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Hi all,",
        "zoltanka is here, call it",
        "zoltanka is " + "x" * 80 + " her",
        "so zoltanka is here, call her",
        "Dinner is here, call her",
        "Display Settings",
        "New Tab",
        "Dear customer,",
        "annual_report_final.docx",
        "call back later",
        "ask the team",
        "Park Page",
        "From: Settings",
        "chat with us",
    ],
)
def test_structure_without_a_name_finds_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "a-" * 50_000, "Aa " * 30_000, "Aa, " * 30_000, "from: " * 20_000, "." * 100_000]
)
def test_a_long_line_is_read_in_time(text: str) -> None:
    assert found(text) == []  # what takes time in proportion to its square takes minutes here, past the limit of a test


CUES = """dear,Anna,thanks,From:,<,@,(you),is typing,chat with,ask,dr.,phone,'s,e,number,obituary,|, - ,é,update,call\t,
liebe,_,\u0301"""
LINES = st.lists(st.sampled_from(CUES.replace("\n", "").split(",")), max_size=7)


@given(LINES, st.sampled_from(["", " "]))
def test_every_rule_that_matches_is_asked(parts: list[str], between: str) -> None:
    line = between.join(parts)
    asked = people_rules._fitting(line)
    assert [rule for rule in people_rules._RULES if rule not in asked and rule[0].search(line)] == []
