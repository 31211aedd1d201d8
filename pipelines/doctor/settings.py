"""Settings of the nights: a YAML file, or the environment file of the service on one server."""

import argparse
import shlex
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NoReturn

from pipelines.config import load_record
from pipelines.nightly.days import fill_in_day
from pipelines.output import Output
from pipelines.release.prepare import RunRequest
from schemas.errors import UsageError
from transforms.ingest.formats.adapter import Source
from transforms.ingest.inputs import expand

_ENVIRONMENT = ".env"
_COMMENTS = ("#", ";")
_DATASET = "sessions"
_NEEDED = ("FIRST_DAY", "INPUT", "CONSENT", "OUTPUT", "KEYS")


@dataclass(frozen=True, slots=True)
class NightsSettings:
    """Settings of the nights, named as in ``keyveil run``; ``flags`` are Beam's, ``set`` single settings."""

    input: tuple[str, ...]
    output: str
    consent: str = field(repr=False)
    keys: str
    first_day: str
    state: str | None = None
    config: str | None = None
    policy: str | None = None
    dataset: str = _DATASET
    purpose: str | None = None
    runner: str = "DirectRunner"
    flags: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    pauses: str | None = field(default=None, repr=False)
    wishes: tuple[str, ...] = field(default=(), repr=False)

    def request(self) -> RunRequest:
        """Return the arguments of the nightly run; raise ``UsageError`` for an output that is no folder or bucket."""
        return RunRequest(
            inputs=self.input,
            output=Output.at(self.output),
            consent=self.consent,
            keys=self.keys,
            dataset=self.dataset,
            format=None,
            user=None,
            subjects=None,
            state=self.state,
            runner=self.runner,
            trace=None,
            trace_clear=False,
            beam_flags=self.flags,
            policy=self.policy,
            pauses=self.pauses,
            wishes=self.wishes,
        )


def load_nights(file: Path) -> NightsSettings:
    """Load the settings of a YAML file, or of an environment file as ``deploy/systemd/nights.env``.

    Raises ``UsageError``, naming the setting, where one is missing or unknown.
    """
    if file.suffix == _ENVIRONMENT:
        return _from_environment(file)
    try:
        settings = load_record(NightsSettings, file)
    except UsageError as error:
        raise UsageError(
            f"{file} must be the settings of the nights (as deploy/nights.yaml, or nights.env), in which config names "
            f"the settings of a run: {error}"
        ) from None
    if settings.pauses is not None or settings.wishes:  # the jobs of Terraform pass neither
        raise UsageError(
            f"{file} may not name pauses or wishes; name them in the configuration: consent.pauses, consent.wishes"
        )
    return settings


def _from_environment(file: Path) -> NightsSettings:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{file} cannot be read; correct its name or its mode") from None
    pairs = (line.partition("=") for line in lines if line.strip() and not line.lstrip().startswith(_COMMENTS))
    values = {name.strip(): _unquote(value.strip()) for name, _, value in pairs}
    if missing := [name for name in _NEEDED if not values.get(name)]:
        raise UsageError(f"{file} has no {', '.join(missing)}; write each as NAME=VALUE")
    options = _parse_options(values.get("OPTIONS", ""), file)
    return NightsSettings(
        input=(values["INPUT"],),
        output=values["OUTPUT"],
        consent=values["CONSENT"],
        keys=values["KEYS"],
        first_day=values["FIRST_DAY"],
        state=values.get("STATE") or None,
        config=options.config,
        policy=options.policy,
        dataset=options.dataset,
        purpose=options.purpose,
        set=tuple(options.set),
        pauses=options.pauses,
        wishes=tuple(options.wishes),
    )


def _unquote(value: str) -> str:
    """Take off a pair of quotation marks, as systemd does."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _parse_options(text: str, file: Path) -> argparse.Namespace:
    """Parse the further words of the nightly run; raise ``UsageError`` for an unknown one."""
    parser = _Options(add_help=False, allow_abbrev=False)
    parser.file = file
    for name in ("--config", "--policy", "--purpose", "--pauses"):
        parser.add_argument(name)
    parser.add_argument("--dataset", default=_DATASET)
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--wishes", nargs="+", default=[])
    try:
        words = shlex.split(text)
    except ValueError:
        raise UsageError(f"{file}: OPTIONS has a quotation mark without its second; correct it") from None
    return parser.parse_args(words)


def list_recordings(day: date, settings: NightsSettings) -> list[Source]:
    """List the recordings of a day; it may have none."""
    found: list[Source] = []
    for pattern in fill_in_day(day, settings.input):
        with suppress(UsageError):  # nothing matches
            found += expand((pattern,), None, None, {})
    return found


class _Options(argparse.ArgumentParser):
    """Parser whose errors never quote the arguments."""

    file: Path

    def error(self, _: str) -> NoReturn:
        """Raise ``UsageError``."""
        raise UsageError(
            f"{self.file}: OPTIONS may hold --config, --policy, --purpose, --dataset, --pauses, --wishes and --set, "
            "each with a value; write anything else into the configuration"
        )
