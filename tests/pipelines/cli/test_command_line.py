"""All commands are parsed, run and printed alike."""

import argparse
import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cli.command import Answer, Group, print_answer
from pipelines.cli.main import COMMANDS, main
from pipelines.cli.parser import Parser, build_parser, parse
from pipelines.cli.terminal import Terminal
from pipelines.origin import code_digest
from pipelines.spelling import did_you_mean
from schemas.errors import UsageError
from transforms.ingest.formats.registry import ADAPTERS


def _leaves(parser: Parser) -> Iterator[Parser]:
    for below in parser.below.values():
        yield from _leaves(below)
    if not parser.below:
        yield parser


_LEAVES = {leaf.prog: leaf for leaf in _leaves(build_parser(COMMANDS))}


def test_the_commands_of_the_contract_are_there() -> None:
    words = "run pseudonym verify report erase pause resume retain preflight submit estimate formats completion"
    groups = {"keys": "init export rotate", "quarantine": "list show replay", "ledger": "show plan charge"}
    groups |= {"audit": "show verify"}
    expected = [f"keyveil {word}" for word in words.split()]
    expected += [f"keyveil {group} {word}" for group, below in groups.items() for word in below.split()]
    assert set(expected) <= set(_LEAVES)


@pytest.mark.parametrize("prog", sorted(_LEAVES))
def test_every_argument_has_a_help_text_and_every_command_prints_json(prog: str) -> None:
    actions = _LEAVES[prog].list_actions()
    assert [action.dest for action in actions if not (action.help or "").strip()] == []
    assert any("--json" in action.option_strings for action in actions)


def test_no_command_needs_an_id_of_a_person_in_the_list_of_processes() -> None:
    offered = {
        prog: {text for action in leaf.list_actions() for text in action.option_strings}
        for prog, leaf in _LEAVES.items()
    }
    naming = {prog for prog, options in offered.items() if "--user" in options}
    assert {"keyveil erase", "keyveil pseudonym", "keyveil subject-report", "keyveil preview", "keyveil run"} <= naming
    assert [prog for prog in naming if offered[prog].isdisjoint({"--user-file", "--subjects"})] == []


@pytest.mark.parametrize("prog", ["keyveil", "keyveil keys", *sorted(_LEAVES)])
def test_the_help_fits_80_columns(
    prog: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        main([*prog.split()[1:], "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert "exit codes: 0 done" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_bare_keyveil_shows_the_help_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out.replace("\n", " \n")
    assert all(f"    {item.name} " in shown for item in COMMANDS)


@pytest.mark.parametrize(("asked", "shown"), [([], 0), (["error"], 1)])
def test_a_program_of_its_own_prints_no_warning_of_a_library_unless_asked_to(
    monkeypatch: pytest.MonkeyPatch, asked: list[str], shown: int
) -> None:
    monkeypatch.setattr(sys, "argv", ["keyveil"])
    monkeypatch.setattr(sys, "warnoptions", asked)
    with warnings.catch_warnings(record=True, action="always") as seen:
        assert main() == 0
        warnings.warn("hunter2", UserWarning, stacklevel=1)
    assert len(seen) == shown


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"keyveil {version('keyveil')} (code {code_digest()})\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("vreify data --keys K", "keyveil has no such command (did you mean verify?)"),
        ("ledger shwo --keys K", "keyveil ledger has no such command (did you mean show?)"),
        ("ledger --json shwo", "keyveil ledger has no such command (did you mean show?)"),
        ("run --inptu a --output b", "keyveil run has no such option (did you mean --input?)"),
        ("run --inptu=a", "keyveil run has no such option (did you mean --input?)"),
        ("erase data --keys K --usr-file f", "keyveil erase has no such option (did you mean --user-file?)"),
        ("run --cons c --input a --output b", "keyveil run has no such option (did you mean --consent?)"),
        ("ledger plan --keys K --set noise.epsilom=1", "unknown setting noise.epsilom (did you mean noise.epsilon?)"),
        ("ledger plan --keys K --set nose.epsilon=1", "unknown setting nose (did you mean noise?)"),
        ("ledger plan --keys K --set epsilon=1", "unknown setting epsilon (did you mean noise.epsilon?)"),
        ("keys", "COMMAND"),
        ("verify data --keys", "expected one argument"),
        ("formats -- --runner=x", "keyveil run only"),
        ("keys export K --until 30.06.2027 -o f", "argument --until: must be a day such as 2026-11-29"),
        ("keys rotate K --role reader", "argument --role: must be one of pseudonym, surrogate"),
        ("plan --people many --weeks 52", "argument --people: must be a whole number"),
        ("ledger charge --keys K --label a --epsilon two --delta 1", "argument --epsilon: must be a number"),
        ("audit verify --keys K/../nowhere", "check --keys; for a first run make a key set"),
    ],
)
def test_a_mistyped_word_is_wrong_use_and_the_nearest_is_named(
    line: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = str(tmp_path / "keys")
    assert main(["keys", "init", keys]) == 0
    capsys.readouterr()
    assert main([word.replace("K", keys) if word[0] == "K" else word for word in line.split()]) in (2, 3)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert says in shown.err
    assert (shown.err.startswith("keyveil: "), shown.err.count("\n")) == (True, 1)


@pytest.mark.parametrize(
    "line",
    [
        "anna.kowalska erase",
        "erase data --keys K anna.kowalska",
        "erase data --anna.kowalska",
        "keys anna.kowalska",
        "retain U --keys K --days anna.kowalska",
        "completion anna.kowalska",
        "keys rotate K --role anna.kowalska",
        "erase data --keys K --dry-run=anna.kowalska",
    ],
)
def test_a_word_that_is_not_known_is_not_repeated(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    assert "anna" not in capsys.readouterr().err


def test_flags_of_beam_follow_a_double_dash() -> None:
    arguments = parse(COMMANDS, ["run", "--input", "a", "--output", "b", "--", "--project=p", "--", "x"])
    assert (arguments.command.name, arguments.beam_flags) == ("run", ("--project=p", "--", "x"))
    assert parse(COMMANDS, ["formats", "--"]).beam_flags == ()


@pytest.mark.parametrize("words", [["keys", "--json", "init", "K"], ["keys", "init", "K", "--json"]])
def test_json_may_stand_behind_the_group_or_the_command(words: list[str]) -> None:
    assert parse(COMMANDS, words).json is True


def test_without_the_option_people_are_shown_text() -> None:
    assert parse(COMMANDS, ["keys", "init", "K"]).json is False


def test_nothing_shown_is_obeyed_by_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    told = "a\x1b[2Jb\u202e\udc80\r\n\tc d"
    print_answer(Answer(None, told, (told,)), Terminal(as_json=False))
    shown = capsys.readouterr()
    assert shown.out == "a\ufffd[2Jb\ufffd\ufffd\ufffd\n\tc d\n"
    assert shown.err == "keyveil: a\ufffd[2Jb\ufffd\ufffd\ufffd\ufffd\tc d\n"
    assert main(["formats", "a\x1b[2J\nb"]) == 2
    assert "\x1b" not in (shown := capsys.readouterr().err)
    assert shown.count("\n") == 1


@pytest.mark.parametrize("as_json", [True, False])
def test_an_answer_is_printed_for_people_or_for_machines_and_notes_for_both(
    as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = Answer({"made": 1}, "made one", ("look here", "and there"), 3)
    assert print_answer(answer, Terminal(as_json)) == 3
    shown = capsys.readouterr()
    assert shown.out == ('{"made": 1}\n' if as_json else "made one\n")
    assert shown.err == "keyveil: look here\nkeyveil: and there\n"


@pytest.mark.parametrize("as_json", [True, False])
def test_an_answer_of_nothing_prints_nothing(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    assert print_answer(Answer(None, None), Terminal(as_json)) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_completion_names_every_command_and_its_options(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for item in COMMANDS:
        assert item.name in script
        for command in item.commands if isinstance(item, Group) else (item,):
            parser = argparse.ArgumentParser()
            command.add_arguments(parser)
            assert all(name in script for action in parser._actions for name in action.option_strings)


def test_bash_completes_a_command_an_option_and_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    (tmp_path / "secrets").mkdir()
    (tmp_path / "completion").write_text(capsys.readouterr().out, encoding="utf-8")
    for words, expected in (
        (["keyveil", "led"], "ledger"),
        (["keyveil", "ledger", "pl"], "plan"),
        (["keyveil", "verify", "--can"], "--canaries"),
        (["keyveil", "verify", "--keys", "sec"], "secrets"),
    ):
        line = f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; _shtab_keyveil; echo ${{COMPREPLY[@]}}"
        answer = subprocess.run(
            ["bash", "--norc", "-c", f"source ./completion; {line}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert answer.stdout.split() == [expected]


@given(st.sampled_from(sorted({word for prog in _LEAVES for word in prog.split()})), st.data())
def test_a_word_with_two_neighbours_swapped_is_near_to_itself(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    assert did_you_mean(swapped, [word]) == f" (did you mean {word}?)"


def test_a_word_that_is_far_from_all_has_no_neighbour() -> None:
    assert did_you_mean("zzz", ["verify", "erase"]) == ""
    with pytest.raises(UsageError, match=r"no such command; see keyveil --help"):
        parse(COMMANDS, ["zzz"])


def test_every_format_is_listed_with_what_it_reads(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formats"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == [adapter.name for adapter in ADAPTERS]
    shown = " ".join(word for line in lines for word in line.split())
    assert shown == " ".join(f"{adapter.name} {adapter.summary}" for adapter in ADAPTERS)
    assert max(map(len, lines)) <= 80
    assert main(["formats", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [adapter.name for adapter in ADAPTERS]


@pytest.mark.parametrize("name", ["new.pem", "reader.json"])
def test_a_part_of_a_key_set_is_not_taken_for_the_whole(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["access-report", str(tmp_path), "--keys", str(tmp_path / name)]) == 2
    shown = capsys.readouterr().err
    assert f"{name} is a part of a key set, and this takes the whole: the folder of keyveil keys init" in shown
