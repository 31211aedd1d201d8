"""A word that was misspelt and put right is no name; a name stays one."""

from collections.abc import Sequence

import numpy as np
import pytest

from schemas.entities import EntityType, Span, Text, TextKind
from schemas.raw import TypedField
from transforms.editor.buffer import Buffer
from transforms.editor.commands import Style, command_of
from transforms.redact.typed_fields.corrected_typos import drop_corrected_typos
from transforms.redact.typed_fields.texts import FieldTexts, field_texts

ERASE, HOME = "Backspace", "Home"


def field_of(*presses: str) -> FieldTexts:
    """Return the field into which ``presses`` (texts, and names of keys) were typed, with its texts."""
    buffer, row = Buffer(), 0
    for press in presses:
        for key in [press] if press in {ERASE, HOME} else press:
            buffer.press(command_of(key, 0, Style()), key, row)
            row += 1
    buffer.settle()
    gone = np.array([buffer.gone.get(cell, -1) for cell in range(len(buffer.chars))], dtype=np.int64)
    item = TypedField(
        session_start=0,
        field_id="f",
        field_row=-1,
        role="textbox",
        label="",
        multiline=False,
        cells="".join(buffer.chars),
        cell_rows=np.array(buffer.rows, dtype=np.int64),
        gone_rows=gone,
        final=np.array(buffer.order, dtype=np.int32),
        drafts=tuple(np.array(draft, dtype=np.int32) for draft in buffer.drafts),
        key_rows=np.arange(row, dtype=np.int64),
        last_row=row - 1,
        exact=True,
    )
    return field_texts(item)


def kept(item: FieldTexts, *values: str) -> set[str]:
    """Return the ``values`` that remain, where each is found as a person in every text of a field."""
    found = {
        text: tuple(
            Span(at, at + len(value), EntityType.PERSON, 0.5)
            for value in values
            if (at := text.content.find(value)) >= 0
        )
        for text in item.texts
    }
    left = drop_corrected_typos([item], found)
    return {text.content[span.start : span.end] for text in item.texts for span in left[text]}


@pytest.mark.parametrize(
    ("presses", "slip"),
    [
        (("please mkae", ERASE, ERASE, ERASE, "ake it so"), "mkae"),
        (("so teh", ERASE, ERASE, ERASE, "the plan"), "teh"),
        (("the appointmnet", ERASE, ERASE, ERASE, "ent is set"), "appointmnet"),
        (("the appoim", ERASE, "ntment is set"), "appoim"),
    ],
)
def test_a_misspelling_that_was_put_right_is_no_name(presses: Sequence[str], slip: str) -> None:
    assert kept(field_of(*presses), slip) == set()


@pytest.mark.parametrize(
    ("presses", "name"),
    [
        (("ask zzybin", *[ERASE] * 6, "them"), "zzybin"),
        (("ask kowalczyk", *[ERASE] * 7, "rea"), "kowalczyk"),
        (("met peter", *[ERASE] * 5, "peer"), "peter"),
        (("call zzybin", ERASE, "n today"), "zzybin"),
        (("call zzybin", HOME, "please "), "zzybin"),
    ],
)
def test_a_name_that_was_replaced_stays_a_name(presses: Sequence[str], name: str) -> None:
    assert name in kept(field_of(*presses), name)


def test_only_the_slip_is_cut_out_of_a_longer_name() -> None:
    assert kept(field_of("anna mkae", ERASE, ERASE, ERASE, "ake it"), "anna mkae") == {"anna"}


def test_an_everyday_word_beside_a_slip_is_no_name() -> None:
    item = field_of("make tset", ERASE, ERASE, ERASE, "est")
    assert kept(item, "make tsetest") == set()
    assert kept(item, "make") == {"make"}


def test_other_entities_and_final_texts_are_left_as_they_were_found() -> None:
    item = field_of("so teh", ERASE, ERASE, ERASE, "the plan")
    found = {text: (Span(0, 2, EntityType.SECRET, 1.0), Span(3, 6, EntityType.PERSON, 1.0)) for text in item.texts}
    left = drop_corrected_typos([item], found)
    assert left[item.texts[0]] == found[item.texts[0]]
    assert all(found[text][0] in left[text] for text in item.texts)


def test_a_draft_that_two_fields_share_keeps_what_is_a_name_in_one() -> None:
    draft = ("so teh", ERASE, ERASE, ERASE)
    one, other = field_of(*draft, "the plan"), field_of(*draft, "xxxxxxxxxx")
    shared = next(text for text in one.texts[1:] if text in other.texts[1:])
    assert shared == Text("so teh", TextKind.TYPED, "")
    found = dict.fromkeys((*one.texts, *other.texts), ())
    found[shared] = (Span(3, 6, EntityType.PERSON, 0.5),)
    assert drop_corrected_typos([one], found)[shared] == ()
    assert drop_corrected_typos([one, other], found)[shared] == found[shared]
