"""A session tells whose a name is: typed words beside it, or messages that alone can be edited (all synthetic)."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.redact.bystanders.test_senders import HERS, LISTED, ME, OWN, SAID, TYPED, Row, chat, item, left, node
from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.own_text.own_words import OwnWords, squash
from transforms.redact.bystanders.senders.learned_names import Evidence, learn_names
from transforms.redact.bystanders.senders.own_messages import NOBODY
from transforms.redact.bystanders.withhold import rewrite_session

EARLIER = item(ME, "9:05", OWN)
EDIT, REPLY = node(3, "button", "Edit"), node(3, "button", "Reply")


@pytest.mark.parametrize(
    "proof",
    [
        item(ME, "10:42", node(3, "blockquote"), node(4, "text", SAID), TYPED),
        item(ME, "10:42", node(3, "group", "Bela Toth said:"), node(4, "text", SAID), TYPED),
        item(ME, "10:42", node(3, "group"), node(4, "text", "Bela Toth"), node(4, "text", SAID), TYPED),
        item(ME, "10:42", TYPED, "Bela Toth likes this"),
        item(ME, "10:42", TYPED, "3 reactions, react with thumbs up"),
        item(ME, "10:42", TYPED, node(3, "push button", "Quote")),
        item(f"{ME}, Tue 14:07", ME, "14:07", TYPED),
        [node(2, "listitem", f"{ME} 1 minutes 4 seconds"), node(3, "text", ME), node(3, "text", TYPED)],
    ],
)
def test_typed_words_beside_what_is_marked_as_another_thing_tell_their_sender(proof: list[Row]) -> None:
    shown = left(chat(HERS, EARLIER, proof), typed=TYPED)
    assert OWN in shown
    assert SAID not in shown


@pytest.mark.parametrize(
    "proof",
    [
        item("Bela Toth", "10:42", node(3, "group", "Nora Quist said:"), node(4, "text", TYPED), "so he reacted late"),
        item("Bela Toth", "10:42", "Nora Quist said:", TYPED),
        item("Bela Toth", "10:42", node(3, "push button", "Quote"), node(3, "text", f"{TYPED}, she reacted")),
        item("Bela Toth", "10:42", TYPED, "and that is what he likes about this, I said"),
    ],
)
def test_typed_words_in_a_quote_or_beside_others_tell_no_sender(proof: list[Row]) -> None:
    assert SAID not in left(chat(HERS, proof), typed=TYPED)


def boxed(who: str, words: str) -> list[Row]:
    return item(who, "10:42", node(3, "textarea", None, words))


def test_words_in_boxes_tell_their_sender_where_boxes_show_the_words_of_others_too() -> None:
    shown = left(chat(boxed("Bela Toth", SAID), boxed(ME, OWN), boxed(ME, TYPED)), typed=TYPED)
    assert OWN in shown
    assert SAID not in shown
    alone = chat(HERS, item("Bela Toth", "10:41", node(3, "image"), node(3, "textarea", "Reply", TYPED)))
    assert SAID not in left(alone, typed=TYPED)


def editable(*names: str) -> list[Row]:
    """Make a list in which the messages of some can be edited."""
    said = [(ME, OWN), ("Bela Toth", SAID), ("Carl Vogt", "the other valve is not in the hall either")]
    return chat(*(item(who, "10:42", words, EDIT if who in names else REPLY) for who, words in said))


def test_the_one_sender_whose_messages_can_be_edited_is_the_recorder() -> None:
    assert OWN in left(editable(ME))
    assert SAID not in left(editable(ME))


@pytest.mark.parametrize("names", [(), (ME, "Bela Toth"), (ME, "Bela Toth", "Carl Vogt")])
def test_who_can_edit_the_messages_of_several_is_nobody(names: tuple[str, ...]) -> None:
    assert OWN not in left(editable(*names))
    assert SAID not in left(editable(*names))


def test_what_can_be_edited_tells_nothing_against_other_signs() -> None:
    assert SAID not in left(editable("Bela Toth"), LISTED)
    assert SAID not in left([*editable("Bela Toth"), node(1, "button", f"Signed in as {ME}")])
    assert SAID not in left([*editable("Bela Toth"), *chat(item(ME, "10:50", TYPED))], typed=TYPED)
    assert SAID not in left([*editable("Bela Toth"), *chat(item("You", "10:50", OWN))])


@pytest.mark.parametrize(("others", "stays"), [(2, True), (1, False)])
def test_messages_of_others_that_cannot_be_edited_are_two(others: int, *, stays: bool) -> None:
    rest = [item("Bela Toth", f"10:1{number}", f"{SAID} {number}", REPLY) for number in range(others)]
    assert (OWN in left(chat(item(ME, "10:42", OWN, EDIT), *rest))) is stays


def test_a_control_of_an_answer_inside_edits_no_message_around_it() -> None:
    inner = [node(3, "list"), node(4, "listitem"), node(5, "text", ME), node(5, "text", "10:43"), node(5, "text", OWN)]
    outer = item("Bela Toth", "10:42", SAID, *inner, node(5, "button", "Edit"))
    assert SAID not in left(chat(outer, item("Carl Vogt", "10:44", "not the other one either, I fear", REPLY)))


def test_a_page_that_can_be_edited_above_comments_that_cannot_names_nobody() -> None:
    comments = chat(
        *(item(who, "10:44", f"the other valve is not in {who}", REPLY) for who in ("Carl Vogt", "Dana Roth"))
    )
    for role in ("group", "article"):
        page = [
            node(1, role),
            *(node(2, "text", text) for text in ("Bela Toth", "10:40", SAID)),
            node(2, "button", "Edit"),
        ]
        assert SAID not in left([comments[0], *page, *comments[1:]])


# Who points at a message sees its controls alone, and a menu is open for one message.
@pytest.mark.parametrize(
    ("edit", "others"),
    [
        ([EDIT], []),
        ([REPLY, node(3, "menu"), node(4, "menuitem", "Edit")], [REPLY]),
    ],
)
def test_controls_that_one_message_shows_alone_do_not_tell_who_can_edit(edit: list[Row], others: list[Row]) -> None:
    rest = [item("Carl Vogt", f"10:1{number}", f"no key for me {number}", *others) for number in range(2)]
    assert SAID not in left(chat(item("Bela Toth", "10:40", SAID, *edit), *rest))


@pytest.mark.parametrize(
    "proof",
    [
        item(ME, "10:42", "@Bela Toth", TYPED),
        item(f"{ME} 10:42", "@Bela Toth", TYPED),
        item(ME, "@Bela Toth", TYPED, "10:42"),
    ],
)
def test_whom_typed_words_speak_to_is_not_the_recorder(proof: list[Row]) -> None:
    shown = left(chat(HERS, EARLIER, proof), typed=TYPED)
    assert SAID not in shown
    assert OWN in shown
    assert SAID not in left(chat(HERS, proof), LISTED, typed=TYPED)


def test_a_login_behind_the_name_of_typed_words_is_the_recorders() -> None:
    proof = item(ME, "@nquist", "10:42", TYPED)
    assert OWN in left(chat(HERS, item("nquist", "9:05", OWN), proof), typed=TYPED)
    assert SAID not in left(chat(item("btoth", "9:05", SAID), proof), typed=TYPED)


NORA, BELA, TWO = ("nora quist", "nq77"), ("bela toth", "bt77"), [("carl vogt", False), ("dana roth", False)]


def learned(
    *typed: tuple[str, ...],
    accounts: Sequence[str] = (),
    edits: Sequence[tuple[str, bool | None]] = (),
    first: str = "",
) -> set[str]:
    """Return the names that a session tells by who stands beside typed words; who spoke ``first`` said them before."""
    shown = [Evidence(names, names[0] != first) for names in typed]
    return set(learn_names(shown, [frozenset(accounts)] if accounts else [], edits, LISTED).session)


def test_who_stands_beside_typed_words_is_the_recorder_by_all_names_shown_and_nobody_by_two() -> None:
    assert learned(NORA) == learned(NORA, NORA[:1]) == {*NORA}
    assert learned(NORA, ("dana roth",)) == learned(NORA, ("you",)) == learned(("you",)) == set()
    assert learned((*NORA, "you")) == {*NORA}  # whether ``You`` counts is told apart


def test_no_name_of_somebody_in_the_directory_is_learned_nor_what_stands_with_it() -> None:
    assert learned(BELA) == learned(accounts=BELA) == set()
    assert learned(("dana roth", "btoth")) == {"dana roth"}
    assert learned(edits=[("dana roth", True), ("carl vogt", False), ("emil brandt", False)]) == {"dana roth"}
    assert learned(edits=[("bela toth", True), *TWO]) == set()


def test_no_name_of_who_said_typed_words_before_is_learned_from_other_signs() -> None:
    emil = ("emil brandt", "eb77")
    assert learned(emil, accounts=emil[1:]) == {*emil}
    assert learned(emil, first=emil[0]) == set()
    assert learned(emil, accounts=emil, first=emil[0]) == learned(emil, accounts=emil[1:], first=emil[0]) == set()
    assert learned(emil, edits=[("eb77", True), *TWO], first=emil[0]) == set()


def test_who_can_edit_is_nobody_where_another_name_is_known() -> None:
    emil = ("emil brandt", True)
    assert learned(edits=[emil, *TWO]) == {"emil brandt"}
    assert learned(("emil brandt",), edits=[emil, *TWO]) == {"emil brandt"}
    assert learned(("dana roth",), edits=[emil, *TWO]) == {"dana roth"}
    assert learned(("dana roth",), ("ina wolf",), edits=[emil, *TWO]) == set()
    assert learned(accounts=["dana roth"], edits=[emil, *TWO]) == {"dana roth"}
    for own in ("nora quist", "you"):
        assert learned(edits=[emil, *TWO, (own, None)]) == set()
    for unclear in ([emil, *TWO, ("emil brandt", False)], [emil, TWO[0], ("dana roth", None)], [*TWO, ("emil", None)]):
        assert learned(edits=unclear) == set()
    assert learned(edits=[emil, ("ina wolf", True), *TWO]) == set()
    assert learned(edits=[emil, TWO[0], TWO[0]]) == {"emil brandt"}  # two messages, of one sender or of two


@pytest.mark.parametrize(
    ("names", "counts"),
    [([], True), (["you"], True), (["nora quist", "you"], True), (["nora quist"], False), (["nora quist", "x"], False)],
)
def test_you_is_the_recorder_unless_typed_words_stand_beside_names_alone(names: list[str], *, counts: bool) -> None:
    assert learn_names([Evidence((name,), was_typed=True) for name in names], [], [], NOBODY).you is counts


NAMES = st.sampled_from(["ann lee", "bela toth", "carl vogt", "you"])


@given(
    st.lists(st.builds(Evidence, st.tuples(NAMES), st.booleans()), max_size=4),
    st.lists(st.frozensets(NAMES, min_size=1, max_size=1), max_size=2),
    st.lists(st.tuples(NAMES, st.booleans()), max_size=6),
)
def test_at_most_one_sender_is_learned_and_none_that_spoke_first(
    typed: list[Evidence], accounts: list[frozenset[str]], edits: list[tuple[str, bool]]
) -> None:
    found = learn_names(typed, accounts, edits, NOBODY).session
    assert not found & {evidence.names[0] for evidence in typed if not evidence.was_typed}
    assert len(found) <= 1 + len(set(accounts))


TALK = [f"{ME} 9:05", OWN, "Bela Toth 10:40", SAID]


@pytest.mark.parametrize(
    "lines",
    [
        [*TALK, f"{ME} 10:42", TYPED],
        [*TALK, f"{ME} 10:42", TYPED[:25], TYPED[26:]],
        [f"[9:05] <nquist> {OWN}", f"[10:40] <btoth> {SAID}", f"[10:42] <nquist> {TYPED}"],
        [ME, "replied", "9:05", "Reply", OWN, "Reply", "Bela Toth", "9:06", SAID, "Reply", ME, "10:42", TYPED, "Send"],
    ],
)
def test_typed_words_below_or_behind_a_name_in_text_tell_their_sender(lines: list[str]) -> None:
    shown = left([], text="\n".join(lines), typed=TYPED)
    assert OWN in shown
    assert SAID not in shown
    assert OWN not in left([], text="\n".join(lines))


@pytest.mark.parametrize(
    "lines",
    [
        ["Bela Toth 10:40", SAID, "Bela Toth 10:42", TYPED, "and so it was, he said to me"],
        ["Bela Toth 10:40", SAID, "Bela Toth 10:42", TYPED, "", TYPED],
        ["Bela Toth 10:40", SAID, f"{ME} 10:41", TYPED, "Bela Toth 10:42", TYPED],
        ["Support 10:40", SAID, "Support 10:42", TYPED],
        ["Bela Toth 10:40", SAID, "On 4 Nov Bela Toth wrote:", f"> {TYPED}"],
        ["Bela Toth 10:40", SAID, "Bela Toth 10:42", TYPED[:14]],
        ["Bela Toth 10:40", SAID, "Bela Toth 10:42", "10:44", TYPED],  # below a picture that Bela sent
        ["Bela Toth", "10:40", SAID, "Bela Toth", "10:42", "10:44", TYPED],
    ],
)
def test_typed_words_in_text_that_others_may_have_said_tell_no_sender(lines: list[str]) -> None:
    assert SAID not in left([], text="\n".join(lines), typed=TYPED)


def test_lines_of_text_tell_nothing_where_they_stood_before_they_were_typed() -> None:
    screen: Row = {"kind": "screen", "text": "\n".join([*TALK, f"{ME} 10:42", TYPED]), "nodes": None, "row": 7}
    for typed_by, stays in ((6, True), (7, False)):
        rows: list[Row] = [{"kind": "focus", "app": "slack", "title": "", "url": None}, dict(screen)]
        rewrite_session(rows, OwnWords(squash(TYPED), {squash(TYPED): typed_by}), KnownWindows())
        assert (OWN in rows[1]["text"]) is stays


# The second line may be an answer, and the first what it quotes.
@pytest.mark.parametrize(
    ("head", "words", "stays"),
    [
        (["@nquist", "\u00b7", "Yesterday"], [OWN], True),
        (["replied", "4 Nov", "To: Bela Toth"], [OWN], True),
        (["<nora.quist@acme.example>", "12.11.2026", "Reply"], [OWN], True),
        (["@nquist", "\u00b7", "Yesterday"], [OWN, "and so it is"], False),
        (["@nquist", "\u00b7", "Yesterday"], [OWN, "I moved the talk to Monday, we are all ill"], False),
        (["@nquist", "\u00b7", "Yesterday"], [OWN, "On Tue, 4 Nov 2026, Bela Toth wrote:", f"{SAID} too"], True),
        (["@nquist"], [OWN], False),
        (["Sales", "10:42"], [OWN], False),
        (["10:42", "Bela Toth"], [OWN], False),
        (["10:42 Carl Vogt", "10:43"], [OWN], False),
        (["replied", "10:42", *["Reply"] * 5], [OWN], True),
        (["replied", "10:42", *["Reply"] * 6], [OWN], False),
        (["replied", "10:42", "10:43"], [OWN], False),
    ],
)
def test_below_a_name_and_what_belongs_to_it_one_line_stays(head: list[str], words: list[str], *, stays: bool) -> None:
    lines = ["Bela Toth", "@btoth", "10:40", SAID, "Reply", ME, *head, *words, "Reply"]
    shown = left([], LISTED, text="\n".join(lines))
    assert (words[0] in shown) is stays
    assert SAID not in shown
