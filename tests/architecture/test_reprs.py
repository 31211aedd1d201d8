"""No repr shows what was recorded: every dataclass of the raw zone is filled with a planted word and printed."""

import ast
import dataclasses
import pkgutil
import types
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
import pytest

from schemas.raw import TypedField
from tests.architecture.source import modules

_PLANTED = "zebrafish"

_OURS = {
    "schemas.rejects.Problem": {"field_name", "rule"},
    "schemas.rejects.RejectedEvents": {"field_name", "rule", "locator", "owners"},
    "transforms.beamkit.sealed_shuffle.ExchangeSettings": {"keys", "run", "spill"},
    "transforms.consent.lawful_basis.LawfulBasis": {
        "ground", "dpia", "agreement", "consulted", "reviewer", "expires", "contact", "works_council",
        "organisation", "telephone", "data_protection_officer",
    },
    "transforms.consent.policy.ConsentedSessions": {"tally"},
    "transforms.consent.registry.ConsentSnapshot": {"purpose", "erased"},
    "transforms.consent.restrictions._Row": {"kind"},
    "transforms.consent.stage.ConsentedOutputs": {"tally"},
    "transforms.consent.stage.KeepConsented": {"consent"},
    "transforms.consent.stage.SealedConsent": {"address", "exchange"},
    "transforms.consent.tables.Line": {"where"},
    "transforms.consent.tables.TableForm": {"columns", "table", "name", "option"},
    "transforms.ingest.formats.adapter.MapRow": {"source", "becomes"},
    "transforms.ingest.formats.adapter.Source": {"format"},
    "transforms.ingest.formats.desktop.agentnet.AgentNetRecording": {"name", "summary"},
    "transforms.ingest.formats.canonical.CanonicalLog": {"name", "summary"},
    "transforms.ingest.formats.foreign_format.ForeignFormat": {"name", "summary"},
    "transforms.ingest.formats.foreign_recording.Recording": {"counts"},
    "transforms.ingest.formats.look_alikes.LookAlike": {"words", "formats"},
    "transforms.ingest.formats.rrweb.recording.RrwebRecording": {"name", "summary"},
    "transforms.ingest.formats.sealed_log.SealedLog": {"name", "summary"},
    "transforms.ingest.formats.sqlite_tables.Tables": {"connection", "columns"},
    "transforms.ingest.parsing.block.Block": {"counts"},
    "transforms.ingest.parsing.lines._Splitter": {"_overlong"},
    "transforms.ingest.session_group.SessionGroup": {"counts"},
    "transforms.ingest.stage.ReadOutputs": {"tally"},
    "transforms.ingest.stage.ReadSessions": {"consent", "earlier"},
    "transforms.redact.bystanders.known_windows.KnownWindows": {"quiet"},
    "transforms.redact.bystanders.messengers.MessengerList": {"extra"},
}  # fmt: skip
"""Fields that hold no recorded word but one of the code or a digest, by class; all others may hold one."""


class _Planted:
    def __repr__(self) -> str:
        return _PLANTED


@pytest.mark.parametrize(
    ("package", "fewest"),
    [
        ("transforms.ingest", 30),
        ("transforms.consent", 10),
        ("transforms.keystrokes", 5),
        ("transforms.redact.bystanders", 20),
    ],
)
def test_no_dataclass_shows_what_was_recorded(package: str, fewest: int) -> None:
    listed = [TypedField, *_list_dataclasses(package)]
    assert len(listed) > fewest
    assert [_name(kind) for kind in listed if _PLANTED in repr(_fill(kind))] == []


def test_no_argument_that_may_name_a_person_or_hold_a_password_is_shown() -> None:
    given = [path for path in modules() if "pipelines" in path.parts and "observe" not in path.parts]  # it only tells
    fields = [found for path in given for found in _list_arguments(path)]
    assert {name for name, _ in fields} == {"consent", "pauses", "user", "wishes"}
    assert [found for found in fields if "repr=False" not in found[1]] == []


def _list_arguments(path: Path) -> Iterator[tuple[str, str]]:
    """Yield name and source of the fields of a module's classes that hold such words as they were given."""
    for kind in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for item in kind.body if isinstance(kind, ast.ClassDef) else ():
            if isinstance(item, ast.AnnAssign) and "str" in ast.unparse(item.annotation):
                name = ast.unparse(item.target)
                if name in {"consent", "pauses", "user", "wishes"}:
                    yield name, ast.unparse(item)


def test_a_planted_word_in_any_place_is_found() -> None:
    kinds = (str, bytes, object, dict[str, int], tuple[str, ...], list[dict[int, str]], Mapping[int, str] | None)
    assert [kind for kind in kinds if _PLANTED not in repr(_plant(kind))] == []
    assert [kind for kind in (int, float | None, bool, list[int]) if _PLANTED in repr(_plant(kind))] == []


def _list_dataclasses(package: str) -> Iterator[type]:
    for info in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
        if not info.name.rpartition(".")[2].startswith("build_"):
            for kind in vars(import_module(info.name)).values():
                if _is_record(kind) and kind.__module__ == info.name:
                    yield kind


def _is_record(kind: object) -> bool:
    return isinstance(kind, type) and (dataclasses.is_dataclass(kind) or hasattr(kind, "_fields"))


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _fill(kind: type) -> object:
    """Fill the fields that a repr shows, without running the checks of the class."""
    hints, ours = get_type_hints(kind), _OURS.get(_name(kind), ())
    if issubclass(kind, tuple):
        return kind(**{name: "" if name in ours else _plant(hints[name]) for name in hints})
    filled = object.__new__(kind)
    for item in dataclasses.fields(kind):
        if item.repr:
            object.__setattr__(filled, item.name, "" if item.name in ours else _plant(hints[item.name]))
    return filled


def _plant(hint: Any) -> object:
    """Make up a value of a type, with the planted word wherever the type has room for one."""
    origin, inner = get_origin(hint), [part for part in get_args(hint) if part not in (type(None), ...)]
    if origin in (Union, types.UnionType):
        return _plant(inner[0]) if len(inner) == 1 else [_plant(part) for part in inner]
    if origin in (Callable, Literal, np.ndarray, type):
        return None
    if origin is not None:  # a container: a tuple, a mapping, a sequence
        return [_plant(part) for part in inner]
    if _is_record(hint):
        return _fill(hint)
    return _plant_scalar(hint)


def _plant_scalar(hint: Any) -> object:
    if isinstance(hint, type) and issubclass(hint, Enum | int | float):
        return 0
    return _PLANTED.encode() if hint is bytes else _Planted()
