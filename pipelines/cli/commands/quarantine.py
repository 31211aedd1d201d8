"""The commands ``keyveil quarantine list|show|replay``."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.arguments import add_keys, add_state, open_private
from pipelines.cli.command import Answer, Changes, Group
from pipelines.cli.terminal import Terminal

if TYPE_CHECKING:
    from transforms.keys.key_set import KeySet
    from transforms.object_store.interface import ObjectStore


_WITHOUT = (
    "not listed: what was set aside without a copy, as the line of its night counts it (people who did not agree, took "
    "a stretch out, or are not known; files that do not open)"
)


class List:
    """List what was set aside."""

    name = "list"
    changes = Changes.NOTHING
    help = "say of every record why and where it was set aside"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add keys and state."""
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with one line a record."""
        from pipelines.state import quarantine  # noqa: PLC0415 - --help should not wait

        kept_in = _open(arguments)[1]
        found = [record.as_json() for record in quarantine.list_records(kept_in)]
        return Answer(found, "\n".join([*(map(_line, found) if found else ["no copy is kept of anything"]), _WITHOUT]))


class Show:
    """Show one record."""

    name = "show"
    changes = Changes.NOTHING
    help = "show why one record was set aside; with the private key, its content too"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the record, keys and state."""
        parser.add_argument("locator", metavar="LOCATOR", help="which record, as quarantine list names it")
        parser.add_argument("--reveal", action="store_true", help="print the content: it is raw and personal")
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the record, its content only where that was asked for."""
        from pipelines.state import quarantine  # noqa: PLC0415 - --help should not wait

        keys, kept_in = _open(arguments)
        record = quarantine.find_record(kept_in, arguments.locator)
        result = record.as_json()
        if not arguments.reveal:
            return Answer(result, _line(result))
        content = quarantine.open_record(record, quarantine.load_private_keys(keys)).decode("utf-8", "replace")
        return Answer({**result, "content": content}, f"{_line(result)}\n{content}")


class Replay:
    """Write set-aside records to a log again."""

    name = "replay"
    changes = Changes.STATE
    help = "write records that can be read now to a log"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the records, the log, keys and state."""
        parser.add_argument("locators", nargs="*", metavar="LOCATOR", help="which records (default: all)")
        parser.add_argument(
            "-o", dest="target", type=Path, required=True, metavar="FILE", help="new log, for its owner"
        )
        parser.add_argument("--without", nargs="+", default=[], metavar="FIELD", help="leave these fields out first")
        parser.add_argument("--remove", action="store_true", help="remove the replayed records from the quarantine")
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Write the log; end with 1 where a record still cannot be read."""
        from pipelines.state import quarantine  # noqa: PLC0415 - --help should not wait

        keys, kept_in = _open(arguments)
        named = [quarantine.find_record(kept_in, locator) for locator in arguments.locators]
        records = named or list(quarantine.list_records(kept_in))
        privates = quarantine.load_private_keys(keys)
        done = quarantine.replay(records, privates, frozenset(arguments.without), arguments.target)
        for record in records if arguments.remove else ():
            if record.locator not in done.still_bad:
                quarantine.remove(record)
        return Answer(
            {"events": done.events, "still_bad": list(done.still_bad), "log": str(arguments.target)},
            f"{done.events} events written to {arguments.target}, {len(done.still_bad)} records still break a rule",
            exit_code=1 if done.still_bad else 0,
        )


QUARANTINE = Group("quarantine", "what was set aside, and why", (List(), Show(), Replay()))


def _open(arguments: argparse.Namespace) -> "tuple[KeySet, ObjectStore]":
    """Open the key set and the quarantine in its private state."""
    from pipelines.state.quarantine import open_quarantine  # noqa: PLC0415 - --help should not wait

    private = open_private(arguments)
    return private.keys, open_quarantine(private.uri)


def _line(record: dict[str, object]) -> str:
    place = f"{record['source'] or record['release_id']}, line {record['line']}" if record["line"] else record["source"]
    field = f", field {record['field']}" if record["field"] else ""
    return f"{str(record['locator'])[:16]}  {record['reason']}  {place}{field}: {record['rule']}"
