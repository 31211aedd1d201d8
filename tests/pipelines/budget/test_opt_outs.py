"""The table of opt-outs: a person counts once, each label is drawn and charged once, and the noise has its size."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

import pytest

from pipelines.budget.account import LedgerAccount
from pipelines.budget.opt_outs import (
    STATES,
    OptOutRequest,
    OptOutTable,
    count_states,
    draw_opt_outs,
    parse_opt_outs,
    plan_opt_outs,
    read_groups,
    release_opt_outs,
)
from pipelines.cli.main import main
from pipelines.config import load_config
from pipelines.state.local_ledger import LedgerStore
from pipelines.state.private_state import PrivateState
from schemas.errors import RefusedError, UsageError
from schemas.privacy import PrivacyUnit, Pure
from transforms.consent.restriction_files import read_exempt
from transforms.keys.key_set import KeyReference, create_key_set
from transforms.privacy.budget import Budget
from transforms.privacy.uniform_words import words

_COUNTS = {"board": (1, 4, 0), "lab": (30, 0, 9), "other": (0, 0, 0)}


@pytest.fixture
def private(tmp_path: Path) -> PrivateState:
    create_key_set(tmp_path / "keys")
    return PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), None)


def budget(epsilon: float, lifetime: float = 1.0) -> Budget:
    return Budget(PrivacyUnit.USER, epsilon, 1e-7, lifetime, 1e-6)


def test_one_person_more_moves_one_count_by_one() -> None:
    people = {"a": "board", "b": "lab", "c": "lab", "d": "a group that nobody named"}
    groups, agreed, exempt = ["board", "lab"], frozenset("bd"), frozenset("a")
    counts = count_states(people, agreed, exempt, groups)
    assert counts == {"board": (0, 1, 0), "lab": (1, 0, 1), "other": (1, 0, 0)}
    for user in people:
        fewer = count_states({name: group for name, group in people.items() if name != user}, agreed, exempt, groups)
        moved = [a - b for name in counts for a, b in zip(counts[name], fewer[name], strict=True)]
        assert sorted(moved) == [0] * (len(moved) - 1) + [1]


def test_the_charge_is_that_of_its_noise() -> None:
    charge, sampler, scale = plan_opt_outs("2026", 0.3)
    assert charge.steps == (Pure(0.3),)
    assert charge.unit is PrivacyUnit.USER
    assert 0 < charge.delta < 1e-30
    # a smaller scale would promise more than it keeps
    assert 1 / 0.3 <= float(scale) < 1 / 0.3 + 2e-6
    draws = sampler.draw(words(b"k" * 32, [b"x"], [20_000])).tolist()
    # mean |X| of a discrete Laplace is 2 q / (1 - q**2) with q = exp(-epsilon); 5 sigma, sd below the scale
    q = math.exp(-0.3)
    assert abs(mean(map(abs, draws)) - 2 * q / (1 - q * q)) < 5 * float(scale) / math.sqrt(20_000)


def test_a_label_is_drawn_and_charged_once_and_never_beyond_the_budget(private: PrivateState) -> None:
    account = LedgerAccount.of(private)
    table = release_opt_outs(account, budget(0.3), "2026", _COUNTS)
    (entry,) = account.ledger().reservations()
    assert (entry.charge_id, entry.subject) == ("opt-outs/2026", "opt-outs")
    assert set(table.groups) == set(_COUNTS)
    assert all(len(row) == len(STATES) and min(row) >= 0 for row in table.groups.values())
    with pytest.raises(RefusedError, match="drawn and charged before"):
        release_opt_outs(account, budget(0.3), "2026", _COUNTS)
    other = release_opt_outs(account, budget(0.3), "2027", {"lab": (1_000_000, 500, 500)})
    # a draw is beyond 400 with probability exp(-0.3 * 400) at most
    assert abs(other.groups["lab"][0] - 1_000_000) < 400
    with pytest.raises(RefusedError):
        release_opt_outs(account, budget(0.5), "2028", _COUNTS)
    assert len(account.ledger().reservations()) == 2


@dataclass(frozen=True)
class _Overtaken:
    """A store into which another process writes as soon as this one has looked."""

    store: LedgerStore
    rival: Callable[[], object]

    @property
    def name(self) -> str:
        return self.store.name

    def read(self) -> bytes | None:
        return self.store.read()

    def update(self, change: Callable[[bytes | None], bytes]) -> None:
        self.rival()
        self.store.update(change)


def test_of_two_draws_at_once_one_is_refused(private: PrivateState) -> None:
    account = LedgerAccount.of(private)
    overtaken = _Overtaken(account.store, lambda: release_opt_outs(account, budget(0.3), "2026", _COUNTS))
    with pytest.raises(RefusedError, match="drawn and charged before"):
        release_opt_outs(replace(account, store=overtaken), budget(0.3), "2026", _COUNTS)
    assert len(account.ledger().reservations()) == 1


def test_a_known_persons_choice_moves_two_counts_and_the_sheet_says_what_that_lets_one_guess() -> None:
    people, exempt, groups = {"a": "lab", "b": "lab"}, frozenset[str](), ["lab"]
    one, other = (count_states(people, agreed, exempt, groups)["lab"] for agreed in (frozenset("ab"), frozenset("a")))
    assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) == 2
    for epsilon, times in ((0.01, 51), (0.1, 55), (1.0, 89)):
        # even odds times exp(2 epsilon), as a share
        share = math.exp(2 * epsilon) / (1 + math.exp(2 * epsilon))
        assert times - 1 < 100 * share <= times
        assert OptOutTable("x", "2026-11-30", epsilon, 0.0, 1, {}).guess_percent == times


def test_noise_is_fresh_and_no_exact_number_is_written(private: PrivateState) -> None:
    account = LedgerAccount.of(private)
    # two draws of one count are equal with probability below epsilon / 4, all six counts of any two of three tables
    # with 3 * 0.005 ** 6: false alarm 5e-14
    counts = dict.fromkeys(("board", "lab"), (900, 900, 900))
    drawn = [release_opt_outs(account, budget(0.02), f"n{number}", counts).groups for number in range(3)]
    assert len({tuple(table[group] for group in counts) for table in drawn}) == 3


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    header = "user_id,purpose,version,granted_at,withdrawn_at\n"
    grants = "".join(f"u{n},training,1,2024-01-01T00:00:00Z,\n" for n in range(30))
    (tmp_path / "consent.csv").write_text(header + grants)
    groups = "".join(f"U{n},{'board' if n < 5 else 'lab'}\n" for n in range(40))
    (tmp_path / "groups.csv").write_text("user_id,group\n" + groups)
    pause = "user_id,kind,starts_at,ends_at,granted_by\nu1,exemption,2024-01-01T00:00:00Z,,board\n"
    (tmp_path / "pauses.csv").write_text(pause + "u7,pause,2024-01-01T00:00:00Z,,\n")
    return tmp_path


def test_files_are_read_by_canonical_id_and_doubt_is_refused(files: Path) -> None:
    assert read_groups(str(files / "groups.csv"), fold_case=True)["u39"] == "lab"
    assert read_exempt(str(files / "pauses.csv"), fold_case=True) == {"u1"}
    for line, rule in (("u3,lab", "earlier line"), ("U3,lab", "earlier line"), (",lab", "user_id is empty")):
        (files / "more.csv").write_text((files / "groups.csv").read_text() + line + "\n")
        with pytest.raises(RefusedError, match=rule):
            read_groups(str(files / "more.csv"), fold_case=True)


def test_an_exemption_without_an_id_is_named_by_its_line_and_never_by_an_account(tmp_path: Path) -> None:
    file = tmp_path / "pauses:secret@1.csv"
    file.write_text("user_id,kind,starts_at,ends_at,granted_by\n,exemption,2024-01-01T00:00:00Z,,board\n")
    with pytest.raises(RefusedError, match="line 2: user_id is empty") as refused:
        read_exempt(str(file), fold_case=True)
    assert "secret" not in str(refused.value)


def test_pauses_of_the_configuration_are_read_too(files: Path, private: PrivateState) -> None:
    asked = OptOutRequest(str(files / "consent.csv"), None, str(files / "groups.csv"), ("lab",), "x", 0.1)
    config = load_config(None, [f"consent.pauses={files}/none.csv"], None)
    with pytest.raises(RefusedError, match="the file of pauses"):
        draw_opt_outs(asked, config, private)


def test_pauses_that_a_run_refuses_are_refused(files: Path) -> None:
    with (files / "pauses.csv").open("a") as file:
        file.write("u2,Exemption,2024-01-01T00:00:00Z,,board\n")
    with pytest.raises(RefusedError, match="line 4: kind must be pause or exemption"):
        read_exempt(str(files / "pauses.csv"), fold_case=True)


def test_the_command_writes_a_table_that_the_sheet_shows(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create_key_set(files / "keys")
    words = ["opt-outs", "--consent", str(files / "consent.csv"), "--groups", str(files / "groups.csv")]
    words += ["--pauses", str(files / "pauses.csv"), "--group", "board", "--group", "lab", "--label", "2026"]
    words += ["--epsilon", "0.9", "--keys", str(files / "keys"), "-o", str(files / "table.json")]
    assert main(words) == 0
    assert "ledger" in capsys.readouterr().out
    form = json.loads((files / "table.json").read_text())
    assert list(form["groups"]) == ["board", "lab", "other"]
    assert form["epsilon"] == 0.9
    assert "u1" not in (files / "table.json").read_text()
    page = files / "sheet.html"
    shown = ["--opt-outs", str(files / "table.json"), "--set", "basis.contact=privacy@example.com"]
    assert main(["worker-sheet", "data", "-o", str(page), *shown]) == 0
    text = page.read_text()
    assert "Who takes part, group by group" in text
    assert f">{form['groups']['lab'][0]}</td>" in text
    assert f"up to {form['within_95']}" in text
    assert "at most 86 times" in text
    assert main(words) == 3
    assert "charged before" in capsys.readouterr().err
    assert json.loads((files / "table.json").read_text()) == form
    words[words.index("2026")], words[-1] = "2027", str(files / "missing" / "table.json")
    assert main(words) == 4
    ledger = LedgerAccount.of(PrivateState.of(KeyReference.parse(str(files / "keys")), None)).ledger()
    assert [entry.charge_id for entry in ledger.reservations()] == ["opt-outs/2026"]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (["--group", "lab", "--group", "lab"], "--group names a group twice"),
        (["--group", "other"], "--group may not be other"),
        (["--group", "lab", "--group", "baord"], "--group number 2 stands in no line of the column group"),
        (["--group", "lab", "--epsilon", "0"], "--epsilon"),
        (["--group", "lab", "--label", "a/b"], "--label"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_charged(
    files: Path, words: list[str], rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    create_key_set(files / "keys")
    asked = ["opt-outs", "--consent", str(files / "consent.csv"), "--groups", str(files / "groups.csv")]
    asked += ["--label", "x", "--epsilon", "0.1", "--keys", str(files / "keys"), "-o", str(files / "t.json"), *words]
    assert main(asked) == 2
    assert rule in capsys.readouterr().err
    assert not (files / "t.json").exists()
    private = PrivateState.of(KeyReference.parse(str(files / "keys")), None)
    assert LedgerAccount.of(private).ledger().reservations() == ()


def test_a_table_of_another_form_is_refused() -> None:
    table = OptOutTable("2026", "2026-11-29", 0.1, 0.0, 30, {"lab": (1, 2, 3)})
    assert parse_opt_outs(table.as_json()) == table
    for part in (
        {"groups": {}},
        {"states": ["a"]},
        {"epsilon": "0.1"},
        {"epsilon": 1.001},
        {"epsilon": 0.009},
        {"groups": {"lab": [1, 2]}},
        {"groups": {"lab": ["x", 1, 2]}},
    ):
        with pytest.raises(UsageError, match="--opt-outs"):
            parse_opt_outs(table.as_json() | part)
    with pytest.raises(UsageError, match="--opt-outs"):
        parse_opt_outs({})
