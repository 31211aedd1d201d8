"""Earlier words of the recorder stay where their sender says so, and words of others beside them go (all synthetic)."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.own_text.own_words import OwnWords, squash
from transforms.redact.bystanders.recorder_names import ClearOwners, ListedNames, find_owners
from transforms.redact.bystanders.senders.heads import RecorderNames
from transforms.redact.bystanders.senders.own_messages import NOBODY
from transforms.redact.bystanders.senders.runs import list_runs
from transforms.redact.bystanders.withhold import MARKER, rewrite_session

ME, OWN, SAID = "Nora Quist", "I will bring the drawings on Monday", "nobody tells the board until Friday"
TYPED = "The third valve has to be ordered again"
PEOPLE = [
    {"user_id": "u1", "name": ME, "username": "nquist", "email": "nora.quist@acme.example"},
    {"user_id": "u2", "name": "Nora Quist-Dahl", "username": "nquist2", "email": "nora.dahl@acme.example"},
    {"user_id": "", "name": "Bela Toth", "username": "btoth", "email": ""},
]
LISTED = ListedNames(ClearOwners(find_owners(PEOPLE, fold_case=True)), "u1")
Row = dict[str, Any]


def node(depth: int, role: str, name: str | None = None, value: str | None = None) -> Row:
    return {"depth": depth, "role": role, "name": name, "value": value}


def item(*texts: str | Row) -> list[Row]:
    """Make an item of a list, its texts one below the other."""
    return [node(2, "listitem"), *(node(3, "text", text) if isinstance(text, str) else text for text in texts)]


def chat(*items: Sequence[Row], box: str = "Write a message") -> list[Row]:
    parts = [node(0, "window", "Talk"), node(1, "list"), *(part for item in items for part in item)]
    return [*parts, node(1, "textbox", box)]


def left(
    nodes: Sequence[Row], listed: ListedNames = NOBODY, *, typed: str = "", text: str = "", app: str = "slack"
) -> str:
    """Return all that stays of a screen."""
    screen: Row = {"kind": "screen", "text": text, "nodes": [dict(part) for part in nodes] or None}
    rows: list[Row] = [{"kind": "focus", "app": app, "title": "", "url": None}, screen]
    rewrite_session(rows, OwnWords(squash(typed)), KnownWindows(), listed=listed)
    shown = [part for node in screen["nodes"] or () for part in (node["name"], node["value"]) if part]
    return "\n".join([screen["text"], *shown])


HERS = item("Bela Toth", "10:40", SAID)


@pytest.mark.parametrize(
    "sent",
    [
        item(ME, "10:42", OWN),
        item("You", "10:42", OWN),
        item("Moi", "il y a 3 minutes", OWN),
        item("10:42", ME, OWN),
        item(f"{ME} commented 3 hours ago", OWN),
        item(ME, "replied", "4 Nov", OWN),
        item("Quist, Nora", "10:42", OWN),
        item("From: Nora Quist <nora.quist@acme.example>", "To: Bela Toth", "10:42", OWN),
        item("\u53d1\u4ef6\u4eba\uff1aNora Quist", "\u6536\u4ef6\u4eba\uff1aBela Toth", "10:42", OWN),
        item(f"You to Everyone, {OWN}, 10:42 AM"),
        item(f"{ME} 10:42 {OWN} 2 replies"),
        [node(2, "listitem", f"Reply by {ME}"), node(3, "text", OWN)],
    ],
)
def test_a_message_whose_sender_is_the_recorder_stays(sent: list[Row]) -> None:
    shown = left(chat(HERS, sent), LISTED)
    assert OWN in shown
    assert SAID not in shown


# Canaries: each of these would be released by a rule that looks for the name alone.
@pytest.mark.parametrize(
    "sent",
    [
        item("Nora Quist-Dahl", "10:42", SAID),
        item("Nora Quist Dahl", "10:42", SAID),
        item("Nora Quist (Guest)", "10:42", SAID),
        item("Nora", "10:42", SAID),
        item("nquist2", "10:42", SAID),
        item("From: Nora Quist <nora.quist@other.example>", "10:42", SAID),
        item("Bela Toth", "10:42", ME, SAID),
        item("Bela Toth", "10:42", f"{ME}: {SAID}"),
        item("Assigned to", ME, "10:42", SAID),
        item("To:", ME, "10:42", SAID),
        item(f"You were mentioned by Bela Toth: {SAID}", "10:42"),
        item(f"You, Bela Toth: {SAID} 10:42"),
        item(f"Ja, {SAID}, 10:42"),
        item("Ja", "10:42", SAID),
        item("Ben", "10:42", SAID),  # a given name, and I in Turkish
        item("Sen", "10:42", SAID),
        item(f"Edited by {ME}, 10:42", SAID),
        item(ME, SAID),
        item(ME, "12.11.", node(3, "blockquote"), node(4, "text", SAID)),
        item(ME, "10:42", OWN, "On 4 Nov, Bela Toth wrote:", SAID),
        item(ME, "10:42", OWN, f"> {SAID}"),
        item(ME, "10:42", OWN, "From: Bela Toth", "Subject: board", SAID),
        item(ME, "10:42", OWN, "\u53d1\u4ef6\u4eba\uff1aBela Toth", "\u4e3b\u9898\uff1aboard", SAID),
        item(ME, "10:42", node(3, "generic", "Quoting Bela Toth"), node(4, "text", SAID), OWN),
        item(ME, "10:42", node(3, "button"), node(4, "text", "Bela Toth"), node(4, "text", SAID), OWN),
        item(
            ME, "10:42", OWN, node(3, "list"), node(4, "listitem"), node(5, "text", "Bela Toth"), node(5, "text", SAID)
        ),
        item(f"Begin Reference, {SAID} by Bela Toth, End Reference, {OWN} by You 10:42"),
        item(node(3, "generic"), node(4, "text", f"@{ME}"), node(4, "text", OWN), "Bela Toth", "10:42", SAID),
    ],
)
def test_words_of_others_in_or_beside_the_recorders_go(sent: list[Row]) -> None:
    assert SAID not in left(chat(HERS, sent), LISTED)


def test_a_quote_ends_where_its_part_ends_and_own_words_go_on() -> None:
    quoted = item(ME, "10:42", node(3, "generic"), node(4, "text", "Bela Toth"), node(4, "text", SAID), OWN)
    shown = left(chat(HERS, quoted), LISTED)
    assert OWN in shown
    assert SAID not in shown


def test_without_a_directory_only_you_and_learned_names_count() -> None:
    earlier = item(ME, "9:05", OWN)
    assert OWN not in left(chat(HERS, earlier))
    assert OWN in left(chat(HERS, earlier, item(ME, "10:42", TYPED)), typed=TYPED)
    assert OWN in left([*chat(HERS, earlier), node(1, "button", f"Signed in as {ME}")])
    assert OWN in left([*chat(HERS, earlier), node(1, "text", f"{ME} (you)")])


@pytest.mark.parametrize("forged", [node(3, "button", "Signed in as Bela Toth"), node(3, "text", "Bela Toth (you)")])
def test_a_message_does_not_tell_who_the_recorder_is(forged: Row) -> None:
    assert SAID not in left(chat(item("Bela Toth", "10:40", SAID, forged)))
    assert SAID not in left(chat(HERS, item("Carl Vogt", "10:41", "look at this", forged)))


def test_long_lines_of_verbs_are_read_in_bounded_time() -> None:
    line = f"On 4 Nov {ME} wrote:"
    names = RecorderNames(lambda name: name == ME.casefold())
    assert list(list_runs([line, f"> {OWN}"], names)) == [("", [OWN])]
    assert list(list_runs([line.rjust(400, "x"), f"> {OWN}"], names)) == [("", [OWN])]
    assert list(list_runs([line.rjust(401, "x"), f"> {OWN}"], names)) == []
    assert list(list_runs(["wrote " * 11_000], names)) == []


@pytest.mark.parametrize(
    "proof",
    [
        item("Bela Toth", "10:42", "thanks for this", TYPED),
        item("Bela Toth", "10:42", node(3, "blockquote"), node(4, "text", TYPED)),
        item("Bela Toth", "10:42", "Forwarded", TYPED),
        item("Bela Toth", "10:42", f"> {TYPED}"),
        item("Bela Toth", "10:42", node(3, "textbox", "Reply", TYPED)),
        item("Bela Toth", "10:42", TYPED[:14]),
        [node(2, "listitem", f"Bela Toth: {SAID}"), node(3, "text", TYPED)],
    ],
)
def test_typed_words_that_others_quote_pass_on_or_share_tell_no_sender(proof: list[Row]) -> None:
    assert SAID not in left(chat(HERS, proof), typed=TYPED)


def test_typed_words_beside_two_names_or_a_shared_one_tell_no_sender() -> None:
    two = chat(HERS, item(ME, "9:05", OWN), item(ME, "10:42", TYPED), item("Bela Toth", "10:43", TYPED))
    assert OWN not in left(two, typed=TYPED)
    echo = chat(item("Bela Toth", "9:05", SAID), item("You", "10:42", TYPED), item("Bela Toth", "10:43", TYPED))
    assert SAID not in left(echo, typed=TYPED)
    bare = chat(item("Bela Toth", "9:05", SAID), item(TYPED), item("Bela Toth", "10:43", TYPED))
    assert SAID not in left(bare, typed=TYPED)
    team = chat(item("Support Team", "10:42", TYPED), item("Support Team", "10:44", SAID))
    assert SAID not in left(team, typed=TYPED)


def test_you_is_nobody_where_typed_words_stand_beside_another_name() -> None:
    spoofed = chat(item("You", "9:05", SAID), item(ME, "10:42", TYPED))
    assert SAID not in left(spoofed, typed=TYPED)
    assert OWN in left(chat(HERS, item("You", "9:05", OWN), item("You", "10:42", TYPED)), typed=TYPED)


def test_a_name_of_somebody_else_in_the_directory_is_not_learned() -> None:
    taken = chat(item("Bela Toth", "9:05", SAID), item("Bela Toth", "10:42", TYPED))
    assert SAID in left(taken, typed=TYPED)  # price: nothing tells a copy from the original
    assert SAID not in left(taken, LISTED, typed=TYPED)


def test_words_that_were_shown_before_they_were_typed_tell_no_sender() -> None:
    def shown_after(typed_by: int) -> str:
        nodes = chat(item("Bela Toth", "9:05", SAID), item("Bela Toth", "10:42", TYPED))
        screen: Row = {"kind": "screen", "text": "", "nodes": nodes, "row": 7}
        rows: list[Row] = [{"kind": "focus", "app": "slack", "title": "", "url": None}, screen]
        rewrite_session(rows, OwnWords(squash(TYPED), {squash(TYPED): typed_by}), KnownWindows())
        return str(screen["nodes"])

    assert SAID in shown_after(6)
    assert SAID not in shown_after(7)


@pytest.mark.parametrize(
    ("lines", "stays"),
    [
        (["Bela Toth 10:40", SAID, f"{ME} 10:42", OWN], True),
        ([f"[10:40] <btoth> {SAID}", f"[10:42] <nquist> {OWN}"], True),
        (["On 4 Nov 2026, Nora Quist wrote:", f"> {OWN}", SAID], True),
        (["Am 4.11. schrieb Nora Quist:", f"> {OWN}", f">> {SAID}"], True),
        ([f"From: {ME}", "Subject: valves", "", OWN, "", "Bela Toth wrote:", SAID], True),
        ([SAID, f"From: {ME}", "Subject: valves", "", OWN], False),
        ([f"10:42 {ME}", OWN], False),
        ([ME, OWN], False),
        ([OWN, ME, "10:42", SAID, "Bela Toth", "10:43"], False),
        ([f"Bela Toth: {SAID}", f"{ME}: {OWN}"], False),
    ],
)
def test_lines_of_text_below_or_behind_their_sender(lines: list[str], *, stays: bool) -> None:
    for nodes, text in (
        ([node(0, "window", "Talk"), node(1, "text", None, "\n".join(lines))], ""),
        ([], "\n".join(lines)),
    ):
        shown = left(nodes, LISTED, text=text)
        assert (OWN in shown) is stays
        assert SAID not in shown


@pytest.mark.parametrize(
    "after", ["btoth", "Dr. Bela Toth, Legal", "Bela T.", "10:43", "", f"Bela Toth: {SAID}", "> see below"]
)
def test_a_run_ends_at_whatever_may_be_the_head_of_another(after: str) -> None:
    lines = [f"{ME} 10:42", OWN, after, SAID]
    assert SAID not in left([], LISTED, text="\n".join(lines))


def test_an_opened_mail_of_the_recorder_stays_up_to_what_it_quotes() -> None:
    heads = [node(1, "panel"), node(2, "label", "From:"), node(2, "link", f"{ME} <nora.quist@acme.example>")]
    heads += [node(2, "label", "To:"), node(2, "link", "Bela Toth"), node(1, "document")]
    body = [node(2, "paragraph", OWN), node(2, "paragraph", "Bela Toth wrote:"), node(2, "paragraph", SAID)]
    assert left([node(0, "frame", "Mail"), *heads, *body], LISTED, app="kmail").count(OWN) == 1
    assert SAID not in left([node(0, "frame", "Mail"), *heads, *body], LISTED, app="kmail")
    inline = [node(0, "frame", "Mail"), node(1, "panel"), node(2, "text", "thank you for the long list of things")]
    assert OWN not in left([*inline, *heads[1:], *body], LISTED, app="kmail")


def test_nothing_is_read_where_nobody_can_answer_and_no_name_tells_a_messenger() -> None:
    notes = chat(item(ME, "4 Nov", SAID), item("Bela Toth", "4 Nov", SAID), box="Goal")
    assert SAID not in left(notes, LISTED, app="staffbook")
    assert MARKER in left(notes, LISTED, app="staffbook")


_SENDERS = (
    ME,
    "You",
    "Bela Toth",
    "Nora Quist-Dahl",
    "nquist2",
    "Dr. Bela Toth, Legal",
    "\u7dd2\u65b9 \u5320",
    "Nora (Guest)",
)
_LINES = tuple(
    f"the {word} valve is not in the {word} hall, as I said" for word in "first second third fourth fifth".split()
)
_TIMES = ("10:42", "9:05 AM", "3 hours ago", "Yesterday", "4 Nov")
MESSAGES = st.lists(
    st.tuples(st.sampled_from(_SENDERS), st.sampled_from(_LINES), st.sampled_from(_TIMES)),
    min_size=2,
    max_size=5,
    unique_by=lambda said: said[1],
)
LAYOUTS = (
    lambda who, line, time: item(who, time, line),
    lambda who, line, time: item(time, who, line),
    lambda who, line, time: item(f"{who} commented {time}", line),
    lambda who, line, time: item(
        node(3, "heading"), node(4, "text", who), time, node(3, "generic"), node(4, "text", line)
    ),
    lambda who, line, time: item(f"{who}, {time}", who, line, node(3, "button", "React")),
)


@given(MESSAGES, st.sampled_from(LAYOUTS))
def test_of_a_list_of_messages_those_of_the_recorder_stay_and_no_other(
    said: list[tuple[str, str, str]], layout: Callable[[str, str, str], list[Row]]
) -> None:
    shown = left(chat(*(layout(*message) for message in said)), LISTED)
    for who, line, _ in said:
        assert (line in shown) is (who in {ME, "You"})


@given(MESSAGES)
def test_of_lines_below_their_sender_no_other_stays(said: list[tuple[str, str, str]]) -> None:
    lines = [part for who, line, time in said for part in (f"{who} {time}", line)]
    shown = left([], LISTED, text="\n".join(lines))
    assert not [line for who, line, _ in said if line in shown and who not in {ME, "You"}]


@given(st.lists(st.text(max_size=30), max_size=12), st.text(max_size=30))
def test_no_text_breaks_the_reading_of_heads(texts: list[str], name: str) -> None:
    nodes = chat(*(item(ME, text, OWN) for text in texts), item(name, "10:42", *texts))
    assert "10:42" in left(nodes, LISTED, text="\n".join([*texts, f"{ME} 10:42", *texts]))


@pytest.mark.parametrize(("lines", "stays"), [(400, True), (401, False)])
def test_an_item_of_more_lines_than_a_message_is_no_message(lines: int, *, stays: bool) -> None:
    words = [f"valve {number} of the hall is shut now" for number in range(lines - 2)]
    assert (words[0] in left(chat(HERS, item(ME, "10:42", *words)), LISTED)) is stays


def test_lists_inside_of_lists_are_read_in_bounded_time() -> None:
    nested = [part for level in range(400) for part in (node(level * 2, "listitem"), node(level * 2 + 1, "text", ME))]
    assert SAID not in left([node(0, "list"), *nested, *chat(HERS)], LISTED)


@pytest.mark.parametrize("label", [None, "Begin Reference", "card"])
def test_a_head_with_words_in_a_part_of_its_own_heads_no_more_than_these(label: str | None) -> None:
    quoted = [node(3, "group", label), node(4, "text", ME), node(4, "text", OWN)]
    shown = left(chat(HERS, item(*quoted, SAID, "10:42")), LISTED)
    assert (OWN in shown) is (label is None)
    assert SAID not in shown


def test_a_head_in_a_part_without_words_heads_the_item() -> None:
    head = [node(3, "group"), node(4, "text", ME), node(4, "text", "10:42")]
    assert OWN in left(chat(HERS, item(*head, OWN)), LISTED)
