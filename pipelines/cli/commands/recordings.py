"""The commands on recordings: ``keyveil formats``, ``keyveil denied``, ``keyveil inspect`` and ``keyveil ingest``."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.arguments import USER_FILE, add_settings, read_user
from pipelines.cli.command import Answer, Changes
from pipelines.cli.terminal import Terminal
from schemas.errors import UsageError

if TYPE_CHECKING:
    from transforms.ingest.formats.look_alikes import LookAlike

_FORMAT = "read it in this format (keyveil formats lists them)"
_INDENT = 12


class Formats:
    """List the formats of recordings, or tell that of a file."""

    name = "formats"
    changes = Changes.NOTHING
    help = "which recordings can be read, or what a file looks like"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the file."""
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="say what this file looks like")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the formats in the order in which they are asked, or with that of the file."""
        from pipelines.observe.text_table import label  # noqa: PLC0415 - --help should not wait
        from transforms.ingest.formats.registry import ADAPTERS  # noqa: PLC0415

        if arguments.file is not None:
            return _look(arguments.file)
        names = [adapter.name for adapter in ADAPTERS]
        indent = max(map(len, names)) + 2
        listed = (line for adapter in ADAPTERS for line in label(adapter.name, adapter.summary, indent=indent))
        return Answer(names, "\n".join(listed))


class Denied:
    """Say of which programs and sites nothing is kept."""

    name = "denied"
    changes = Changes.NOTHING
    help = "say whether nothing is kept of a program, a site or a title of a window; without a name, list them all"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the names and the settings."""
        parser.add_argument("names", nargs="*", metavar="NAME", help="a program, a host or address, or a title")
        add_settings(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer for each name, or with the whole list and the rules beside it."""
        from pipelines.config import load_config  # noqa: PLC0415 - --help should not wait for what follows
        from transforms.redact.deny_list import RULES, DenyList, list_names  # noqa: PLC0415

        extra = load_config(arguments.config, arguments.settings, None).redact.denied
        if not all(map(str.strip, arguments.names)):
            raise UsageError("a name is empty; name a program, a site or a title, or nothing for the whole list")
        if arguments.names:
            denied = DenyList(extra)
            found = {name: denied.names(name) for name in arguments.names}
            lines = [
                f"{name}: {'nothing is kept' if gone else 'kept like anything else'}" for name, gone in found.items()
            ]
            return Answer(found, "\n".join(lines))
        listed = {**list_names(), "rules": list(RULES), "redact.denied": list(extra)}
        return Answer(listed, "\n".join(f"{kind}: {', '.join(names) or 'none'}" for kind, names in listed.items()))


def _look(path: Path) -> Answer:
    from pipelines.operations.inspect import Findings, inspect  # noqa: PLC0415 - --help should not wait
    from transforms.ingest.formats.registry import find_adapter  # noqa: PLC0415

    found = inspect(path, None)
    if not isinstance(found, Findings):
        return _unknown(path, found)
    read = ", ".join(f"{kind} {number:,}" for kind, number in sorted(found.kinds.items())) or "nothing"
    refused = sum(found.refused.values())
    shown = f"{path}: {found.format} ({find_adapter(found.format).summary})\nwould be read: {read}"
    if refused:
        shown += f"\nwould be refused: {refused:,}; keyveil inspect says why"
    result = {"format": found.format, "events": dict(sorted(found.kinds.items())), "refused": refused}
    return Answer(result, shown, exit_code=1 if refused else 0)


def _unknown(path: Path, found: "LookAlike") -> Answer:
    near = f", but none of {', '.join(found.formats)}" if found.formats else ""
    shown = f"{path}: {found.words}{near}; no format knows it. docs/formats.md says how each is known"
    return Answer({"format": None, "file": found.words, "none_of": list(found.formats)}, shown, exit_code=1)


class Inspect:
    """Count what a recording holds, without its content."""

    name = "inspect"
    changes = Changes.NOTHING
    help = "count what a recording holds: kinds, fields, places, times, oddities; never its content"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the recording and its format."""
        parser.add_argument("file", type=Path, metavar="FILE", help="one recording: a file, or a folder that is one")
        parser.add_argument("--format", metavar="NAME", help=_FORMAT)
        parser.add_argument(
            "--consent", metavar="FILE", help="also count whose recordings this consent registry lets a run use"
        )
        parser.add_argument("--purpose", metavar="NAME", help="what consent was given for (default: training)")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the counts; end with 1 where some of it would be refused."""
        from pipelines.config import DEFAULT_PURPOSE  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.observe.text_table import label  # noqa: PLC0415 - --help should not wait
        from pipelines.operations.inspect import Findings, inspect, render  # noqa: PLC0415
        from transforms.consent.registry import read_registry  # noqa: PLC0415

        found = inspect(arguments.file, arguments.format)
        if not isinstance(found, Findings):
            return _unknown(arguments.file, found)
        if arguments.consent is not None:
            purpose = arguments.purpose or DEFAULT_PURPOSE
            found.compare_consent(read_registry(arguments.consent, purpose, datetime.now(UTC)))
        lines = [line for name, text in render(found) if text for line in label(name, text, indent=_INDENT)]
        return Answer(found.as_json(), "\n".join(lines), exit_code=1 if found.refused else 0)


class Ingest:
    """Convert recordings to one raw log, sealed to the quarantine key, or open such a log."""

    name = "ingest"
    changes = Changes.NOTHING
    help = "convert recordings to one raw log, sealed unless --clear; or open a sealed one"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the recordings, the log, who is named for them, and the keys."""
        parser.add_argument("files", nargs="+", metavar="FILE", help="recordings, or one log that was sealed before")
        parser.add_argument(
            "-o", dest="target", type=Path, required=True, metavar="LOG", help="new file, usually .jsonl.zst"
        )
        parser.add_argument("--format", metavar="NAME", help=_FORMAT)
        parser.add_argument("--user", metavar="ID", help="the person of recordings that name none")
        parser.add_argument("--user-file", metavar="FILE", help=USER_FILE)
        parser.add_argument("--keys", metavar="DIR", help="key set to seal with, or to open with")
        parser.add_argument("--ocr", action="store_true", help="read the text of screenshots (keyveil[ocr])")
        parser.add_argument("--clear", action="store_true", help="write it in the clear: it is raw and personal")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Write the log; end with 1 where some of a recording was refused."""
        from pipelines.observe.text_table import count  # noqa: PLC0415 - as above
        from pipelines.operations.ingest import open_log, write_log  # noqa: PLC0415 - as above
        from transforms.ingest.formats.sealed_log import is_sealed  # noqa: PLC0415
        from transforms.ingest.inputs import expand  # noqa: PLC0415
        from transforms.ingest.settings import IngestSettings  # noqa: PLC0415
        from transforms.keys.key_set import KeyReference, KeySet  # noqa: PLC0415

        if not arguments.clear and arguments.keys is None:
            raise UsageError("name a key set with --keys to seal the log, or --clear to write it in the clear")
        keys = None if arguments.keys is None else KeySet.open(KeyReference.parse(arguments.keys))
        if len(arguments.files) == 1 and is_sealed(Path(arguments.files[0])):
            if keys is None or not arguments.clear:
                raise UsageError("the file is a sealed log; --keys opens it, and --clear says that it may be clear")
            open_log(Path(arguments.files[0]), arguments.target, keys)
            return Answer({"log": str(arguments.target)}, f"{arguments.target}: opened; it is raw and personal")
        sources = expand(arguments.files, arguments.format, read_user(arguments), {})
        settings = IngestSettings(ocr=arguments.ocr)
        done = write_log(sources, arguments.target, None if arguments.clear else keys, settings)
        form = "raw and personal" if arguments.clear else "sealed"
        notes = tuple(f"{number:,} refused: {rule}" for rule, number in sorted(done.rules.items()))
        if done.pictures:
            notes += (f"{count(done.pictures, 'screenshot')} not read; --ocr reads their text (keyveil[ocr])",)
        result = {"log": str(arguments.target), "events": done.events, "refused": done.refused, "form": form}
        shown = f"{arguments.target}: {done.events:,} events, {form}"
        return Answer(result, shown, notes, exit_code=1 if done.refused else 0)
