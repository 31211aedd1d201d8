"""Whole texts that are labels of many programs, however they are marked, and what people say, which is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.bystanders.interface_phrases import fold_label, is_interface_phrase


@pytest.mark.parametrize(
    ("shown", "folded"),
    [
        ("Reply to All\u2026", "reply to all"),
        ("Subject:", "subject"),
        ("\u4ef6\u540d\uff1a", "\u4ef6\u540d"),
        ("Betreff *", "betreff"),
        ("\u5370\u5237(P)...", "\u5370\u5237"),
        ("Save (Ctrl+S)", "save"),
        ("Save Ctrl+Shift+S", "save"),
        ("Save as... (Ctrl+S)", "save as"),
        ("Save \u2318S", "save"),
        ("[Edited]", "edited"),
        ("\u2190 Back", "back"),
        ("\ue5d2 Menu", "menu"),
        ("\u0130let", "ilet"),
        ("Gr\u00f6\u00dfe", "gr\u00f6sse"),
        ("\uff29nbox", "inbox"),
        ("\u5370\u5237...(P)", "\u5370\u5237"),
        ("\u5370\u5237... (P)", "\u5370\u5237"),
        ("\u5370\u5237 (P) ...", "\u5370\u5237"),
        ("\u5370\u5237 (P):", "\u5370\u5237"),
        ("\u5370\u5237 (1) *", "\u5370\u5237"),
        ("Print (PDF)", "print (pdf"),
        ("Print (P) now", "print (p) now"),
        ("New ... mail", "new ... mail"),
        ("Print ...", "print"),
        ("Print..", "print.."),
        ("* * *", ""),
        ("  New   mail ", "new mail"),
        ("Delete?", "delete?"),  # marks of a sentence, of names and of quotes are part of a text
        ("Today.", "today."),
        ("@today", "@today"),
        ("#inbox", "#inbox"),
        ('"Inbox"', '"inbox"'),
        ("...", ""),
    ],
)
def test_marks_around_a_label_are_no_part_of_it(shown: str, folded: str) -> None:
    assert fold_label(shown) == folded


@pytest.mark.parametrize(
    "key",
    """Ctrl Control Strg Alt AltGr Shift Umschalt Maj May\u00fas Maiusc Cmd Command Win Super Meta""".split(),
)
def test_a_key_and_what_is_pressed_with_it_are_no_part_of_a_label(key: str) -> None:
    for pressed in ("S", "1", "F5", "F12", "Enter", "Backspace"):
        for shortcut in (f"{key}+{pressed}", f"{key} + {pressed}", f"Ctrl+{key}+{pressed}", f"({key}+{pressed})"):
            assert fold_label(f"Save {shortcut}") == "save"
    for kept in (f"Save{key}+S", f"Save my{key}+S", f"Save {key}+F123", f"Save {key}+Backspaces", f"Save {key} S"):
        assert fold_label(kept) == kept.casefold()


@pytest.mark.parametrize("sign", "\u2303\u2318\u2325\u21e7")
def test_the_sign_of_a_key_stands_before_what_is_pressed_with_it(sign: str) -> None:
    assert fold_label(f"Save {sign}S") == fold_label(f"Save (\u21e7{sign}F5)") == "save"
    assert fold_label(f"Save{sign}S") == f"save{sign}s"


@pytest.mark.parametrize(
    "mark", [*":*\u2022\u00b7|()[]<>\u00ab\u00bb\u2013\u2014+\u00d7\u203a\u2039", "\u200e", "\u2709\ufe0f"]
)
def test_marks_and_icons_around_a_label_are_no_part_of_it_and_inside_they_are(mark: str) -> None:
    for shown in (f"{mark}Inbox", f"Inbox{mark}", f"{mark} Inbox {mark}{mark}"):
        assert fold_label(shown) == "inbox"
    assert fold_label(f"In{mark}box") == f"in{mark}box"


@pytest.mark.parametrize(
    "text",
    """Reply|Reply to All|Forward|Edited|Inbox|Sent Items|Drafts|From|Subject|Date|Status|Priority|Assignee
Conversations|Type a message|Today|New mail|Posteingang|Gesendete Elemente|Antworten
Bo\u00eete de r\u00e9ception|Bandeja de entrada|Posta in arrivo|Skrzynka odbiorcza|Postvak IN|Inkorg
Gelen Kutusu|\u0412\u0445\u043e\u0434\u044f\u0449\u0438\u0435|\u53d7\u4fe1\u30c8\u30ec\u30a4
\u6536\u4ef6\u7bb1|Caixa de entrada|Inbox (3)|Inbox 3 unread|Inbox, 99+ unread|3 replies|Mark as Unread
Add reaction|Attachments [2]""".replace("\n", "|").split("|"),
)
def test_labels_of_many_programs_are_phrases(text: str) -> None:
    assert is_interface_phrase(text.strip())


_SAID = """yes|no|ok|okay|thanks|hello|sorry|please|see you|call me|done|fine|sure|right|never|later|tomorrow|now|ja
nein|danke|oui|non|merci|s\u00ed|gracias|grazie|tak|nie|dzi\u0119kuj\u0119|nee|bedankt|nej|tack|evet
hay\u0131r|\u0434\u0430|\u043d\u0435\u0442|\u0441\u043f\u0430\u0441\u0438\u0431\u043e|\u306f\u3044
\u3044\u3044\u3048|\u662f|\u4e0d|\u597d|sim|n\u00e3o|erledigt|morgen|ma\u00f1ana|demain|confirmed|approved
rejected|salary|invoice|contract|meeting|holiday|wedding|doctor|strike|Marco|Anna|Mark|Sweden|Busy|I agree
my account|your profile|Reply by Friday|Delete the contract|Today we met""".replace("\n", "|").split("|")


@pytest.mark.parametrize("said", _SAID)
def test_what_people_say_or_answer_and_names_and_topics_are_no_phrases(said: str) -> None:
    assert not is_interface_phrase(said)


@pytest.mark.parametrize("text", ["Accept", "Received", "Like", "Gef\u00e4llt mir", "Completed"])
def test_a_phrase_that_people_answer_with_is_one_only_as_the_name_of_a_control(text: str) -> None:
    assert not is_interface_phrase(text)
    assert is_interface_phrase(text, is_control=True)


@pytest.mark.parametrize("said", ["yes", "no", "ok", "thanks", "done", "confirmed"])
def test_an_answer_is_no_phrase_of_a_control_either(said: str) -> None:
    assert not is_interface_phrase(said, is_control=True)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Inbox 999", True),  # three figures on their own
        ("Inbox 1000", False),
        ("Inbox (99999)", True),  # five in brackets
        ("Inbox (100000)", False),
        ("Inbox [99999]", True),
        ("Inbox [100000]", False),
        ("Inbox (99+)", True),
        ("Inbox [99+]", True),
        ("Inbox\uff0833\uff09", True),
        ("Inbox (3), Unread", True),
        ("Reply Ctrl + 1", True),  # no count
        ("Inbox3", False),
        ("3Inbox", False),
        ("Inbox 3 Drafts 2", False),  # one count
        ("3", False),
        ("(3)", False),
        ("Inbox (3) Elm", False),
        ("Inbox" + " " * 55, True),  # sixty characters
        ("Inbox" + " " * 56, False),
    ],
)
def test_one_count_of_few_figures_may_stand_in_a_short_text(text: str, *, counts: bool) -> None:
    assert is_interface_phrase(text) is counts


@given(
    st.sampled_from(["Reply", "Inbox (3)", "Sent Items", "Betreff:"]),
    st.sampled_from(["Zorblax", "budget", "she", "Anna"]),
)
def test_any_further_word_makes_a_phrase_none(phrase: str, word: str) -> None:
    assert is_interface_phrase(phrase)
    assert not is_interface_phrase(f"{phrase} {word}", is_control=True)
    assert not is_interface_phrase(f"{word} {phrase}", is_control=True)
