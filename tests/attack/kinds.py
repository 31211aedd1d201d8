"""Every kind of attack by its name."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.attack import keysides, past, people, stalls, tallies, texts, worlds
from tests.attack.campaign import Attack, Verdict, recordings_attack

Kind = Callable[[Path, int, int], Verdict]

RECORDINGS: tuple[Attack, ...] = (
    keysides.ups_without_downs,
    keysides.ups_that_differ,
    keysides.codes_of_other_keys,
    keysides.hanging_modifiers,
    keysides.chords,
    keysides.split_fields,
    keysides.password_fields,
    keysides.masked_fields,
    keysides.deleted_again,
    keysides.private_stretches,
    texts.escaped_values,
    texts.known_values,
    texts.protected_nodes,
    texts.hosts,
    texts.applications,
    people.other_purposes,
)
"""Attacks that are sessions of a log."""

KINDS: dict[str, Kind] = {
    **{attack.__name__: partial(recordings_attack, attack) for attack in RECORDINGS},
    "broken_lines": partial(recordings_attack, people.broken_lines, prepare=people.erase_some),
    "registry_spellings": people.registry_spellings,
    "erasure_spellings": people.erasure_spellings,
    "lengths": worlds.lengths,
    "old_copies": past.old_copies,
    "tallies": tallies.tallies,
    "stalls_of_detectors": stalls.detection,
    "stalls_of_runs": stalls.runs,
}
