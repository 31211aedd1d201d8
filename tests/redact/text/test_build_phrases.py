"""Selection of labels that several programs show, from catalogues of the formats that programs have."""

import shutil
import subprocess
from pathlib import Path

import pytest

from transforms.redact.text.data.build_phrases import (
    Labels,
    Picks,
    choose_controls,
    choose_phrases,
    collect_labels,
    read_label,
    read_picks,
)
from transforms.redact.text.data.labels import read_labels


def labels_of(english: str, programs: int, shown: dict[str, int] | None = None) -> Labels:
    labels = Labels()
    labels.programs[english].update(map(str, range(programs)))
    for text, count in (shown or {}).items():
        labels.shown[english][text].update(map(str, range(count)))
    return labels


@pytest.mark.parametrize(("programs", "chosen"), [(2, False), (3, True)])
def test_an_english_label_counts_from_three_programs_on(programs: int, *, chosen: bool) -> None:
    assert ("send later" in choose_phrases(labels_of("send later", programs), Picks())) is chosen


@pytest.mark.parametrize(("programs", "chosen"), [(1, False), (2, True)])
def test_a_translation_counts_from_two_programs_on_and_of_an_added_phrase_from_one(
    programs: int, *, chosen: bool
) -> None:
    labels = labels_of("send later", 3, {"de sp\u00e4ter senden": programs})
    assert ("sp\u00e4ter senden" in choose_phrases(labels, Picks())) is chosen
    assert "sp\u00e4ter senden" in choose_phrases(labels, Picks(added={"send later"}))


@pytest.mark.parametrize(
    ("english", "picks"),
    [
        ("contract", Picks(out={"contract"})),
        ("remember me", Picks(never={"me"})),
        ("fine", Picks(answers={"fine"})),
        ("sweden", Picks()),
        ("marco", Picks()),
    ],
)
def test_topics_answers_places_and_names_are_left_out(english: str, picks: Picks) -> None:
    assert choose_phrases(labels_of(english, 9), picks) == set()


def test_what_programs_show_for_an_answer_is_left_out_whatever_it_means_besides() -> None:
    labels = labels_of("finish", 3, {"de fertig": 2})
    labels.programs["done"].add("0")
    labels.shown["done"]["de fertig"].update("01")
    assert choose_phrases(labels, Picks()) == {"finish", "fertig"}
    assert choose_phrases(labels, Picks(answers={"done"})) == {"finish"}


def test_a_phrase_of_controls_brings_what_one_program_shows_for_it_but_not_what_was_added() -> None:
    labels = labels_of("like", 1, {"fr aimer": 1, "de m\u00f6gen": 1})
    picks = Picks(of_controls={"like"}, added={"m\u00f6gen"})
    assert choose_controls(labels, picks) == {"like", "aimer"}
    assert {"like", "m\u00f6gen"} <= choose_phrases(labels, picks)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("_Reply to All...", "reply to all"),
        ("Su&bject:", "subject"),
        ("one two three four five", "one two three four five"),
        ("one two three four five six", None),
        ("It is sent. Close it", None),
        ("It is sent.", None),
        ("Delete?", None),
        ("You have %d messages", None),
        ("Datei(en)", None),
        ("Page 2", None),
        ("x", None),
        ("a" * 40, "a" * 40),
        ("a" * 41, None),
        ("\u9031", None),
        ("\u9001\u4fe1", "\u9001\u4fe1"),
    ],
)
def test_a_label_has_one_to_five_words_and_no_sentence_and_no_value(text: str, label: str | None) -> None:
    assert read_label(text) == label


_FORMATS = {
    "en/a.ftl": "reply =\n    .label = Reply\nsend = Send",
    "de/a.ftl": "reply =\n    .label = Antworten\nsend = Senden",
    "en-US/b.dtd": '<!ENTITY reply "Reply">',
    "de/b.dtd": '<!ENTITY reply "Antworten">',
    "en.yml": "en:\n  reply: Reply",
    "de.yml": "de:\n  reply: Antworten",
    "en_US/c.inc": "$labels['reply'] = 'Reply';",
    "de_DE/c.inc": "$labels['reply'] = 'Antworten';",
    "English.lproj/d.strings": '"reply" = "Reply";',
    "German.lproj/d.strings": '"reply" = "Antworten";',
    "en_EN.json": '{"action": {"reply": "Reply"}}',
    "de_DE.json": '{"action": {"reply": "Antworten", "other": "Anders"}}',
    "en/e.properties": "reply=Reply",
    "de/e.properties": "reply = Antworten",
    "en.mjs": 'var reply = "Reply";',
    "de.mjs": 'var reply = "Antworten";',
}


@pytest.mark.parametrize("name", [name for name in _FORMATS if name.startswith(("de", "German"))])
def test_keyed_catalogues_are_read_beside_their_english_ones(tmp_path: Path, name: str) -> None:
    for place, text in _FORMATS.items():
        if Path(place).suffix == Path(name).suffix:
            (tmp_path / place).parent.mkdir(exist_ok=True)
            (tmp_path / place).write_text(text, encoding="utf-8")
    assert ("Reply", "Antworten") in list(read_labels(tmp_path, "de"))
    assert list(read_labels(tmp_path, "fr")) == []


def test_what_is_no_json_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "en.json").write_text("{")
    (tmp_path / "de.json").write_text("{")
    assert list(read_labels(tmp_path, "de")) == []


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="no msgfmt is installed: apt-get install gettext")
def test_compiled_catalogues_are_read_without_contexts_and_programs_of_one_family_count_once(tmp_path: Path) -> None:
    source = tmp_path / "de.po"
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    source.write_text(f'{head}\nmsgctxt "mail"\nmsgid "_Reply"\nmsgstr "_Antworten"\n', encoding="utf-8")
    root = tmp_path / "programs"
    for program in ("kmail", "kontact", "claws"):
        place = root / program / "de" / "LC_MESSAGES"
        place.mkdir(parents=True)
        subprocess.run(["msgfmt", "-o", str(place / "a.mo"), str(source)], check=True)
    labels = collect_labels(root)
    assert labels.programs == {"reply": {"kdepim", "claws"}}
    assert labels.shown["reply"] == {"de antworten": {"kdepim", "claws"}}


def test_the_picks_are_read_by_their_kinds() -> None:
    picks = read_picks()
    assert "please" in picks.never
    assert "contract" in picks.out
    assert "done" in picks.answers
    assert "accept" in picks.of_controls
    assert {"sent items", "gesendete elemente"} <= picks.added
    assert not picks.added & (picks.answers | picks.out)
    assert not picks.of_controls & picks.answers
