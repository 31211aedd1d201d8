"""Some variants of every kind of attack; ``make attack`` tries thousands."""

from pathlib import Path

import pytest

from tests.attack.kinds import KINDS

SEED = 20
VARIANTS = {"registry_spellings": 6, "tallies": 40, "stalls_of_detectors": 6, "stalls_of_runs": 8}
FEWEST_RELEASED = 0.8
"""Least share of sessions that must be released: a session that is dropped cannot leak."""
NOT_RELEASED = frozenset({"other_purposes", "broken_lines", "registry_spellings", "old_copies", "tallies"})


@pytest.mark.parametrize("kind", KINDS)
def test_no_variant_of_the_attack_gets_anything_out(kind: str, tmp_path: Path) -> None:
    verdict = KINDS[kind](tmp_path, SEED, VARIANTS.get(kind, 30))
    assert not verdict.leaks, str(verdict)
    assert not verdict.failures, str(verdict)
    if kind not in NOT_RELEASED:
        assert verdict.released >= FEWEST_RELEASED * verdict.sessions
