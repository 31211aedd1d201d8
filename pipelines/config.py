"""Configuration of a run: a YAML file, single settings of the command line, and safe defaults."""

import dataclasses
import json
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import yaml

from pipelines.spelling import did_you_mean
from schemas.errors import FailedError, UsageError
from schemas.privacy import Profile
from transforms.aggregate.settings import AggregateSettings
from transforms.consent.lawful_basis import LawfulBasis
from transforms.consent.settings import ConsentSettings
from transforms.dataset.settings import StoreSettings
from transforms.ingest.settings import IngestSettings
from transforms.noise.settings import NoiseSettings
from transforms.object_store.addresses import content_of
from transforms.privacy.default_policy import POLICY
from transforms.redact.settings import RedactSettings
from transforms.staging.settings import ScheduleSettings

Record = TypeVar("Record")
DEFAULT_PURPOSE = "training"


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Settings of every stage. Only these decide a release's content; where it is written does not."""

    purpose: str = DEFAULT_PURPOSE
    """Purpose for which people must have agreed, as in the consent registry."""

    ingest: IngestSettings = field(default_factory=IngestSettings)
    """Reading of recordings: sizes and limits."""

    redact: RedactSettings = field(default_factory=RedactSettings)
    """Redaction: models and treatments."""

    noise: NoiseSettings = field(default_factory=NoiseSettings)
    """Noise on rows, and the privacy budgets."""

    aggregates: AggregateSettings = field(default_factory=AggregateSettings)
    """Admission of names, and the tables of counts."""

    store: StoreSettings = field(default_factory=StoreSettings)
    """Files of a release."""

    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    """Scheduled runs by days."""

    consent: ConsentSettings = field(default_factory=ConsentSettings)
    """Checks of the consent registry."""

    basis: LawfulBasis = field(default_factory=LawfulBasis)
    """Record of the lawful basis, which a release states."""

    def __post_init__(self) -> None:
        if self.noise.profile == Profile.AGGREGATES and self.aggregates.counting is False:
            raise UsageError("noise.profile=aggregates releases tables alone; leave aggregates.counting on")

    def canonical(self) -> bytes:
        """Encode the settings as bytes that are equal exactly when the settings are, for a keyed digest.

        The paths of the population model and of public names are left out: digests of their contents are facts of
        their own. So are the checks of the registry: what they let through is the same release.
        """
        noise = dataclasses.replace(self.noise, model="path") if self.noise.reuses else self.noise
        noise = dataclasses.replace(noise, public_names="path") if noise.public_names else noise
        settings = dataclasses.asdict(dataclasses.replace(self, noise=noise))
        del settings["consent"], settings["basis"]
        return json.dumps(settings, sort_keys=True, separators=(",", ":"), default=date.isoformat).encode()


def load_config(file: str | None, settings: Sequence[str], purpose: str | None) -> RunConfig:
    """Load the configuration of ``file`` with single ``a.b=value`` settings on top.

    Raises ``UsageError`` with the dotted name of an unknown key or of a value of the wrong kind.
    """
    tree = _read_settings(file, settings)
    if purpose is not None:
        tree["purpose"] = purpose
    built = _build(RunConfig, _over(POLICY, tree), "")
    assert isinstance(built, RunConfig)  # noqa: S101 - for the type checker
    return built


def complete_settings(
    file: str | None, settings: Sequence[str], more: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Read the settings of ``file`` and of the command line, by name, and put ``more`` over them."""
    return _over(_read_settings(file, settings), more)


def _read_settings(file: str | None, settings: Sequence[str]) -> dict[str, Any]:
    tree = _read(file) if file is not None else {}
    for setting in settings:
        _put(tree, setting)
    return tree


def load_record(kind: type[Record], file: Path) -> Record:
    """Load the settings of ``file`` as a record of ``kind``; raise ``UsageError`` as ``load_config`` does."""
    return _record(kind, _read(str(file)))


def parse_record(kind: type[Record], text: str, name: str) -> Record:
    """Parse the settings in ``text`` as a record of ``kind``; errors call the text ``name``."""
    return _record(kind, _parse(text, name))


def _record(kind: type[Record], tree: dict[str, Any]) -> Record:
    built = _build(kind, tree, "")
    assert isinstance(built, kind)  # noqa: S101 - for the type checker
    return built


def _over(policy: Mapping[str, Any], tree: Mapping[str, Any]) -> dict[str, Any]:
    """Complete ``tree`` from the policy, name by name: one bound may be set without the others."""
    both = {name: (policy[name], tree[name]) for name in policy.keys() & tree.keys()}
    merged = {name: _over(*pair) for name, pair in both.items() if all(isinstance(part, Mapping) for part in pair)}
    return {**policy, **tree, **merged}


class _UniqueKeys(yaml.SafeLoader):
    """YAML's safe loader, but two equal keys are an error instead of keeping the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT002 - theirs
        """Construct the mapping of ``node``; raise ``UsageError`` for a repeated key."""
        names = [key.value for key, _ in node.value]
        twice = {name for name in names if isinstance(name, str) and names.count(name) > 1}
        if twice:
            raise UsageError(f"{', '.join(sorted(twice))} stands twice, line {node.start_mark.line + 1}; keep one")
        return super().construct_mapping(node, deep)


def _read(file: str) -> dict[str, Any]:
    try:
        text = content_of(file).decode()
    except (OSError, FailedError, UnicodeDecodeError):
        raise UsageError(f"the configuration {file} cannot be read; correct its name or its mode") from None
    return _parse(text, file)


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        loaded = yaml.load(text, _UniqueKeys)  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        raise UsageError(f"the configuration {name} cannot be read as YAML; correct it") from None
    if not isinstance(loaded, dict | None):
        raise UsageError(f"the configuration {name} must hold settings by name; correct it")
    return loaded or {}


def _put(tree: dict[str, Any], setting: str) -> None:
    name, equals, value = setting.partition("=")
    if not equals or not name:
        raise UsageError("--set takes a.b=value, for example redact.score_threshold=0.6")
    *path, last = name.split(".")
    for part in path:
        tree = tree.setdefault(part, {})
        if not isinstance(tree, dict):
            raise UsageError(f"--set {name}: {part} holds a value, not further settings")
    try:
        tree[last] = yaml.safe_load(value)
    except yaml.YAMLError:
        raise UsageError(f"--set {name}: the value cannot be read; quote it as in YAML") from None


def _build(kind: Any, value: object, name: str) -> object:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _build_record(kind, value, name)
    if get_origin(kind) in (Union, types.UnionType):
        choices = [choice for choice in get_args(kind) if choice is not type(None)]
        return None if value is None else _build(choices[0], value, name)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise UsageError(f"{name} must be a list")
        return tuple(_build(get_args(kind)[0], item, name) for item in value)
    if get_origin(kind) is dict:
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise UsageError(f"{name} must map names to values")
        return {key: _build(get_args(kind)[1], item, f"{name}.{key}") for key, item in value.items()}
    return _build_scalar(kind, value, name)


def _build_scalar(kind: Any, value: object, name: str) -> object:
    if get_origin(kind) is Literal:
        return _among(get_args(kind), value, name)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(_among([choice.value for choice in kind], value, name))
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is float and isinstance(value, str):
        try:
            return float(value)  # YAML reads 1e-10 as a word
        except ValueError:
            pass
    if kind is str and isinstance(value, bool | None):
        value = "none" if value is None else value
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise UsageError(f"{name} must be a {kind.__name__}")
    return value


def _among(words: Sequence[str], value: object, name: str) -> object:
    if value not in words:
        raise UsageError(f"{name} must be one of {', '.join(words)}")
    return value


def _build_record(kind: type, value: object, name: str) -> object:
    if not isinstance(value, Mapping):
        raise UsageError(f"{name or 'the configuration'} must hold settings by name")
    fields = {item.name: item for item in dataclasses.fields(kind) if item.init}
    for key in value:
        if key not in fields:
            unknown = f"{name}.{key}" if name else str(key)
            near = did_you_mean(unknown, _names(kind, f"{name}." if name else ""))
            raise UsageError(f"unknown setting {unknown}{near}; see docs/configuration.md")
    for key, item in fields.items():
        if key not in value and item.default is MISSING and item.default_factory is MISSING:
            raise UsageError(f"the setting {name + '.' if name else ''}{key} is missing; it has no default")
    return kind(
        **{key: _build(fields[key].type, item, f"{name}.{key}" if name else str(key)) for key, item in value.items()}
    )


def _names(kind: Any, prefix: str) -> Iterator[str]:
    """Yield the dotted names of the settings of a record, and of the records in it."""
    for item in dataclasses.fields(kind):
        yield f"{prefix}{item.name}"
        if dataclasses.is_dataclass(item.type):
            yield from _names(item.type, f"{prefix}{item.name}.")
