from transforms.editor.drafts import select_drafts

CHARS = "ab cd ef"


def test_a_draft_that_the_next_one_shows_is_dropped() -> None:
    assert select_drafts(CHARS, [(0, 1), (0, 1, 2, 3)], []) == [(0, 1, 2, 3)]


def test_a_draft_that_the_final_text_shows_is_dropped() -> None:
    assert select_drafts(CHARS, [(0, 1)], [0, 1, 2, 3, 4]) == []


def test_a_draft_that_runs_on_into_a_longer_word_stays() -> None:
    assert select_drafts(CHARS, [(3,)], [0, 1, 2, 3, 4]) == [(3,)]


def test_a_draft_that_was_split_stays() -> None:
    assert select_drafts(CHARS, [(0, 1)], [0, 2, 1]) == [(0, 1)]


def test_empty_drafts_go() -> None:
    assert select_drafts(CHARS, [()], []) == []
