"""The mutants themselves: each changes one thing, keeps its name when code moves, and is tried on a copy alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.mutants.operators import find_mutants
from benchmarks.mutants.selection import (
    Area,
    Candidate,
    draw_sample,
    find_candidates,
    read_areas,
    read_equivalents,
    select_tests,
)

ROOT = Path(__file__).parents[2]

CASES = [
    ("def f(a):\n    return a < 3", ["compare: a < 3 -> a <= 3", "constant: 3 -> 2", "constant: 3 -> 4"]),
    ("def f(a):\n    return a and b", ["and/or: a and b -> a or b", "drop operand: a and b -> b"]),
    ("def f(a):\n    return not a", ["drop not: not a -> a"]),
    ("def f(a):\n    return a + b", ["arithmetic: a + b -> a - b"]),
    ("def f(a):\n    return min(a, b)", ["call: min(a, b) -> max(a, b)"]),
    ("def f(a):\n    return g(a, b)", ["swap arguments: g(a, b) -> g(b, a)"]),
    ("def f(a) -> list[int]:\n    return a", ["return: return a -> return []"]),
    ("def f(a) -> bool:\n    return a", ["return: return a -> return True", "return: return a -> return False"]),
    ("def f(a) -> int | None:\n    return a", ["return: return a -> return None"]),
    ("def f(a):\n    g(*a)", ["drop statement: g(*a) -> pass"]),
    ("def f(a):\n    raise a", ["drop raise: raise a -> pass"]),
    ("def f(a):\n    if a:\n        return a", ["always: a -> True", "never: a -> False"]),
    ("def f(a):\n    return a.g(x=False)", ["constant: False -> True"]),
    ("def f(a):\n    return 0.5", ["constant: 0.5 -> 0.25", "constant: 0.5 -> 1.0"]),
]


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_each_operator_makes_its_mutants(source: str, expected: list[str]) -> None:
    names = [mutant.name.removeprefix("m.f: ") for mutant in find_mutants("m", source.encode())]
    assert set(expected) <= set(names)


@pytest.mark.parametrize(
    "source",
    [
        'def f(a: "x < 3") -> "3":\n    "3"\n    assert a < 3\n    return f"{a + 3}"',
        "def f(a):\n    return zip(a, strict=True)",
        "import os\nX = int | None",
        "@g(3)\ndef f(a):\n    return 'a' + a",
    ],
)
def test_annotations_texts_and_what_decides_nothing_are_left_alone(source: str) -> None:
    assert [mutant.name for mutant in find_mutants("m", source.encode()) if mutant.operator != "swap arguments"] == []


def test_a_mutant_changes_one_place_and_the_rest_of_the_source_stays() -> None:
    source = 'ü = "ü"\ndef f(a):\n    if a == 1 and 1 == a:  # ü\n        return [a, 1]\n    return 1\n'.encode()
    made = [mutant.apply(source) for mutant in find_mutants("m", source)]
    assert len(set(made)) == len(made)
    for changed in made:
        compile(changed, "m", "exec")
        assert changed.startswith('ü = "ü"\ndef f(a):\n    if '.encode())
        assert changed != source
    assert (
        'ü = "ü"\ndef f(a):\n    if a == 1 and 1 == a:  # ü\n        return [a, (2)]\n    return 1\n'.encode() in made
    )


def test_a_name_survives_lines_above_and_tells_equal_places_apart() -> None:
    source = "def f(a):\n    return a < 3, a < 3\n"
    names = [mutant.name for mutant in find_mutants("m", source.encode())]
    assert names == [mutant.name for mutant in find_mutants("m", f"import os\n\n\n{source}".encode())]
    assert len(set(names)) == len(names)
    assert "m.f: compare: a < 3 -> a <= 3 #1" in names


def test_constants_and_methods_are_known_by_their_names() -> None:
    source = b"MOST = 3\nclass C:\n    least: int = 1\n    def f(self):\n        x = 2\n"
    assert {mutant.function for mutant in find_mutants("m", source)} == {"m.MOST", "m.C.least", "m.C.f"}


def test_a_sample_depends_on_its_seed_alone_and_takes_every_function_before_it_takes_one_twice() -> None:
    (area,) = (area for area in read_areas() if area.name == "consent")
    found = find_candidates(ROOT, area)
    functions = {candidate.mutant.function for candidate in found}
    taken = draw_sample(found, len(functions), "1")
    assert taken == draw_sample(found, len(functions), "1") != draw_sample(found, len(functions), "2")
    assert {candidate.mutant.function for candidate in taken} == functions
    assert sorted(c.mutant.name for c in draw_sample(found, 10**6, "1")) == sorted(c.mutant.name for c in found)


_FOUND: dict[str, list[Candidate]] = {}


def candidates_of(area: Area) -> list[Candidate]:
    """Find the mutants of an area once."""
    if area.name not in _FOUND:
        _FOUND[area.name] = list(find_candidates(ROOT, area))
    return _FOUND[area.name]


@pytest.mark.parametrize("area", read_areas(), ids=lambda area: area.name)
def test_the_list_names_code_and_tests_that_exist(area: Area) -> None:
    found = candidates_of(area)
    assert len(found) > area.mutants
    assert all((ROOT / test).is_file() for test in area.tests)
    assert all(select_tests(ROOT, path, area) for path in {candidate.path for candidate in found})


def test_tests_that_reach_a_module_through_two_others_are_tried_too() -> None:
    (area,) = (area for area in read_areas() if area.name == "store")
    chosen = select_tests(ROOT, "transforms/dataset/documents/wording.py", area)
    assert "tests/dataset/documents/test_render.py" in chosen
    assert not [test for test in chosen if test.startswith(("tests/nightly/", "tests/distributed/"))]


def test_every_equivalent_mutant_exists_and_says_why() -> None:
    names = {candidate.mutant.name for area in read_areas() for candidate in candidates_of(area)}
    assert read_equivalents().keys() <= names
    assert all(len(why) > 20 for why in read_equivalents().values())


TRY = """
import json, sys, time
from pathlib import Path
from benchmarks.mutants.trial import finish, start
copy = Path(sys.argv[1])
for limit_s, source in json.loads(sys.argv[2]):
    (copy / "transforms" / "toy.py").write_text(source)
    child, answer = start(copy, ["tests/test_toy.py"], limit_s)
    began, outcome = time.monotonic(), None
    while outcome is None:
        outcome = finish(child, answer, began)
        time.sleep(0.01)
    print(json.dumps([outcome.passed, outcome.caught]))
"""


def test_a_trial_says_which_test_failed_or_that_none_did_or_that_time_ran_out(tmp_path: Path) -> None:
    copy = tmp_path / "tree"
    for folder in ("transforms", "tests"):
        (copy / folder).mkdir(parents=True)
    (copy / "transforms" / "__init__.py").touch()
    (copy / "tests" / "test_toy.py").write_text(
        "from transforms.toy import f\ndef test_one():\n    assert f(1) == 1\ndef test_two():\n    assert f(2) == 2\n"
    )
    sources = [  # of different lengths: byte code is told stale by time in seconds and size
        (600, "def f(a):\n    return a\n"),
        (600, "def f(a):\n    return int(1)\n"),
        (1, "def f(a):\n    while True:\n        pass\n"),
        (600, "def f(a)\n"),
    ]
    words = [sys.executable, "-c", TRY, str(copy), json.dumps(sources)]
    done = subprocess.run(
        words, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, check=True, stdout=subprocess.PIPE
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers == [
        [True, ""],
        [False, "tests/test_toy.py::test_two"],
        [False, "out of time"],
        [False, "tests/test_toy.py::(does not import)"],
    ]
