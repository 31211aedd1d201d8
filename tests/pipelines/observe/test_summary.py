"""The summary of a run fits a screen of 80 columns and names what came in, what went out, and what it cost."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cli.main import COMMANDS
from pipelines.cli.next_commands import list_next
from pipelines.cli.parser import parse
from pipelines.observe.summary import Summary, render
from pipelines.observe.text_table import WIDTH, align, count, hang, label
from schemas.entities import EntityType
from transforms.keys.key_set import create_key_set
from transforms.keys.pipeline_copy import export_pipeline

_ID = "e23369cbbd05dfa14e6cb801ab7e1dd5"
_BUDGET = (
    "this release spends epsilon 0.9706, delta 1e-07 for one user",
    "all charges of this key set so far: epsilon 1.266 of 8 for one user at delta 1e-06; 47 more releases fit",
)


def _summary(counts: dict[str, int], *, repeated: bool = False, submitted: bool = False) -> Summary:
    return Summary(
        release=f"/data/{'long/' * 20}{_ID}",
        release_id=_ID,
        counts=counts,
        rejects=(),
        sources=("a", "b"),
        shards=10,
        bytes=105_080,
        noise=("t_ms: epsilon 0.5",),
        budget=_BUDGET,
        consent="registry",
        seconds=8.74,
        repeated=repeated,
        submitted=submitted,
    )


def test_a_summary_says_what_came_in_what_was_redacted_and_what_it_cost() -> None:
    counts = {"events.read": 5_487, "rows.released": 1_070, "sessions.released": 9}
    counts |= {
        "outcome.kept": 672,
        "outcome.merged": 4_230,
        "entity.PERSON": 31,
        "entity.AGE": 31,
        "entity.USERNAME": 3,
    }
    lines = list(render(_summary(counts)))
    assert lines == [
        f"Release {_ID}",
        "came in     5,487 events of 2 recordings; consent: registry",
        "became      merged 4,230, kept 672",
        "redacted    AGE 31, PERSON 31, USERNAME 3",
        "went out    1,070 rows of 9 sessions in 10 files, 105,080 bytes",
        "cost        this release spends epsilon 0.9706, delta 1e-07 for one user",
        "            all charges of this key set so far: epsilon 1.266 of 8 for one user",
        "            at delta 1e-06; 47 more releases fit",
        "took        8.7 seconds",
        f"written to  /data/{'long/' * 20}{_ID}",
    ]


@given(st.dictionaries(st.sampled_from([f"entity.{entity}" for entity in EntityType]), st.integers(1, 10**9)))
def test_a_summary_fits_a_screen_whatever_was_redacted(entities: dict[str, int]) -> None:
    *lines, address = render(_summary({"events.read": 10**9, "outcome.kept": 10**9} | entities))
    assert address.endswith(_ID)
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    assert all(f"{name.removeprefix('entity.')} {count:,}" in text for name, count in entities.items())


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (0, []),
        (1, ["unmeasured  1 text in scripts whose recall is unknown; see docs/model-card.md"]),
        (2, ["unmeasured  2 texts in scripts whose recall is unknown; see docs/model-card.md"]),
    ],
)
def test_a_summary_says_how_many_texts_are_in_scripts_without_measured_recall(texts: int, said: list[str]) -> None:
    lines = list(render(_summary({"texts.unmeasured": texts})))
    assert [line for line in lines if line.startswith("unmeasured")] == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"outcome.suppressed": 24, "suppressed.page_load": 2, "rows.released": 1}, "redaction 22, page_load 2"),
        ({"outcome.suppressed": 2, "suppressed.page_load": 2, "rows.released": 1}, "page_load 2"),
        ({"outcome.suppressed": 3, "suppressed.page_load": 2, "rows.released": 1}, "page_load 2, redaction 1"),
        ({"outcome.suppressed": 1, "rows.released": 1}, "redaction 1"),
        ({"outcome.suppressed": 9, "suppressed.paused": 2}, "paused 2"),
        ({"outcome.kept": 9, "rows.released": 1}, None),
    ],
)
def test_the_reasons_of_what_is_suppressed_add_up(counts: dict[str, int], said: str | None) -> None:
    lines = [line for line in render(_summary(counts)) if line.startswith("suppressed")]
    assert lines == ([] if said is None else [f"suppressed  {said}"])


def test_a_summary_says_what_is_left_out_and_that_it_costs_nothing() -> None:
    told = replace(_summary({}), left_out="tables (help from 931 people on); costs nothing")
    assert "left out    tables (help from 931 people on); costs nothing" in list(render(told))
    assert told.as_json()["left_out"] == told.left_out
    assert not [line for line in render(_summary({})) if line.startswith("left out")]


def test_a_summary_advises_behind_the_cost() -> None:
    told = replace(_summary({}), advice="tables help from 931 people on")
    shown = list(render(told))
    assert "advice      tables help from 931 people on" in shown
    assert told.as_json()["advice"] == told.advice
    assert not [line for line in render(_summary({})) if line.startswith("advice")]


def test_a_summary_says_how_screenshots_that_were_not_read_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    shown = " ".join(" ".join(render(_summary({"suppressed.screenshot": 2}))).split())
    assert "2 pictures not read; to read the text: pip install 'keyveil[ocr]', --set ingest.ocr=true" in shown
    assert "keyveil[ocr]" not in " ".join(render(_summary({"suppressed.screenshot_unreadable": 2})))


def test_a_release_that_was_sealed_before_says_that_nothing_was_spent() -> None:
    assert next(render(_summary({}, repeated=True))).endswith("nothing was done and nothing was spent.")


def test_a_job_that_was_handed_over_says_how_to_publish_it() -> None:
    text = " ".join(render(_summary({}, submitted=True)))
    assert _ID in text
    assert "--finish" in text


def _next(*words: str, is_rejected: bool = False) -> list[str]:
    arguments = parse(COMMANDS, ["run", "--input", "a", "--consent", "c", *words])
    head, *lines = list_next(arguments, is_rejected=is_rejected)
    assert head == "next"
    return "\n".join(lines).replace("\\\n", "").splitlines()


def _words(line: str) -> str:
    return " ".join(line.split())


def test_the_next_commands_are_ones_that_the_command_line_has() -> None:
    found = [_words(line) for line in _next("--output", "out", "--keys", "keys")]
    assert found == [
        "keyveil verify out --keys keys",
        "keyveil keys export --role reader keys -o reader.json",
        "keyveil ledger show --keys keys",
    ]
    for line in found:
        parse(COMMANDS, line.split()[1:])


def test_where_input_was_set_aside_the_next_commands_name_the_quarantine() -> None:
    found = _next("--output", "out", "--keys", "keys", "--state", "state", is_rejected=True)
    assert _words(found[1]) == "keyveil quarantine list --keys keys --state state"
    assert len(found) == 3


def test_a_key_set_in_a_secret_is_not_exported() -> None:
    found = _next("--output", "gs://b/out", "--keys", "secret:projects/p/secrets/s")
    assert [_words(line).split()[1] for line in found] == ["verify", "ledger"]


def test_keys_are_exported_from_the_original_alone(tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    export_pipeline(tmp_path / "keys", tmp_path / "copy")
    found = {
        name: [_words(line).split()[1] for line in _next("--output", "out", "--keys", str(tmp_path / name))]
        for name in ("keys", "copy")
    }
    assert found == {"keys": ["verify", "keys", "ledger"], "copy": ["verify", "ledger"]}


@pytest.mark.parametrize("length", [27, 28, 29])
def test_a_long_command_is_broken_where_a_shell_joins_it(length: int) -> None:
    output = "o" * length
    arguments = parse(COMMANDS, ["run", "--input", "a", "--output", output, "--keys", "it's keys", "--state", "s"])
    lines = list(list_next(arguments, is_rejected=False))
    assert max(map(len, lines)) <= 80
    assert " ".join("\n".join(lines).replace("\\\n", "").split()).startswith(
        f"next keyveil verify {output} --keys 'it'\"'\"'s keys' --state s keyveil keys"
    )
    assert lines[1].endswith("\\") == (length > 28)


def test_a_table_is_aligned_and_cuts_nothing() -> None:
    assert list(align([("charge", "delta"), (_ID, "1e-07"), ("x", "1")])) == [
        f"charge{' ' * 26}  delta",
        f"{_ID}  1e-07",
        f"x{' ' * 31}  1",
    ]


@pytest.mark.parametrize(("letters", "lines"), [(WIDTH - 12, 1), (WIDTH - 11, 2)])
def test_a_text_takes_a_second_line_where_it_is_longer_than_the_first(letters: int, lines: int) -> None:
    found = list(label("name", f"a {'b' * (letters - 2)}", indent=12))
    assert len(found) == lines
    assert found[0].startswith("name        a")


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (999, "999 rows"), (1_000, "1,000 rows")]
)
def test_one_thing_is_not_many(number: int, text: str) -> None:
    assert count(number, "row") == text


def test_a_long_sentence_hangs_and_a_word_that_is_longer_than_a_line_stays_whole() -> None:
    assert list(hang(f"{'a' * 78} b {'c' * 90} d")) == [f"{'a' * 78} b", f"  {'c' * 90}", "  d"]


def test_events_that_nights_read_twice_are_said_to_be() -> None:
    once = _summary({"events.read": 10})
    shown = [
        next(iter(line for line in render(item) if "came in" in line))
        for item in (once, replace(once, read_again=True))
    ]
    assert shown == [
        "came in     10 events of 2 recordings; consent: registry",
        "came in     10 events (some read twice) of 2 recordings; consent: registry",
    ]
