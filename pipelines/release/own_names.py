"""The organisation's own software and sites, from the file that the configuration names."""

from dataclasses import dataclass, field

from pipelines.config import RunConfig, parse_record
from schemas.errors import FailedError, UsageError
from transforms.object_store.addresses import content_of
from transforms.redact.deny_list import DenyList
from transforms.vocabulary import NO_NAMES, OwnNames

_SETTING = "noise.public_names"
_FORM = "must hold applications (a list of spellings by name) and hosts (a list), each once; correct the list"


@dataclass(frozen=True, slots=True)
class _Listed:
    """Contents of the file: spellings by name of an application, and hosts."""

    applications: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    hosts: tuple[str, ...] = field(default=(), repr=False)


def read_own_names(config: RunConfig) -> OwnNames:
    """Read the names; none where the configuration gives no file.

    Raises ``UsageError`` where the file is no such list, or names what the redaction drops as private.
    """
    path = config.noise.public_names
    if path is None:
        return NO_NAMES
    try:
        text = content_of(path).decode()
    except (OSError, FailedError, UnicodeDecodeError):
        raise UsageError(f"{_SETTING} {path} cannot be read as UTF-8 YAML; check the path") from None
    try:
        listed = parse_record(_Listed, text, path)
    except UsageError:  # its message names keys, and those are names of the organisation
        raise UsageError(f"{_SETTING} {path}: {_FORM}") from None
    try:
        names = OwnNames(listed.applications, listed.hosts)
    except UsageError as error:
        raise UsageError(f"{_SETTING} {path}: {error}") from None
    _check_denied(names, DenyList(config.redact.denied), path)
    return names


def _check_denied(names: OwnNames, denied: DenyList, path: str) -> None:
    for number, (name, spellings) in enumerate(names.applications.items(), 1):
        if any(denied.denies(word, None, None, private=False) for word in (name, *spellings)):
            raise UsageError(f"{_SETTING} {path}: application {number} is dropped as private; leave it out")
    for number, host in enumerate(names.hosts, 1):
        if denied.denies(None, None, f"https://{host}/", private=False):
            raise UsageError(f"{_SETTING} {path}: host {number} is dropped as private; leave it out")
