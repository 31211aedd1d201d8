from transforms.editor.drafts import CONTEXT, cut_draft, select_drafts

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


def test_a_draft_holds_as_much_as_a_detector_needs_on_either_side_and_is_cut_at_blanks() -> None:
    cells = range(1000)
    assert CONTEXT == 160
    assert cut_draft(" " * 1000, cells, 500, 510) == tuple(range(340, 670))
    assert cut_draft("x" * 1000, cells, 500, 510) == tuple(range(180, 830))
    words = "x" * 335 + " " + "x" * 340 + " " + "x" * 323
    assert cut_draft(words, cells, 500, 510) == tuple(range(336, 676))
    assert cut_draft("ab cd", range(5), 1, 1) == (0, 1, 2, 3, 4)


def test_a_part_stands_between_blanks_or_ends_on_both_sides() -> None:
    assert select_drafts(CHARS, [(3, 4)], [0, 1, 2, 3, 4, 5, 6, 7]) == []
    assert select_drafts(CHARS, [(4,)], [0, 1, 2, 3, 4]) == [(4,)]
    assert select_drafts(CHARS, [(1, 2, 3, 4)], [0, 1, 2, 3, 4]) == [(1, 2, 3, 4)]
    assert select_drafts(CHARS, [(6, 7)], [3, 4, 5, 6, 7]) == []
    assert select_drafts(CHARS, [(3, 4), (0, 1)], []) == [(3, 4), (0, 1)]
    assert select_drafts(CHARS, [(1,), (0, 1), (3, 4)], []) == [(1,), (0, 1), (3, 4)]
    assert select_drafts(CHARS, [(0, 1), (0, 1, 2, 3), (0, 1, 2, 3, 4)], []) == [(0, 1, 2, 3), (0, 1, 2, 3, 4)]
