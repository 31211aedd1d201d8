"""The command ``keyveil quarantine``."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def add_parser(commands: Any, epilog: str) -> None:
    """Add ``quarantine list``, ``show`` and ``replay`` to the command line."""
    quarantine = commands.add_parser("quarantine", help="what was set aside, and why", epilog=epilog)
    actions = quarantine.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="say of every record why and where it was set aside")
    show = actions.add_parser("show", help="say it of one record, and with the private key reveal it")
    show.add_argument("locator", metavar="LOCATOR")
    show.add_argument("--reveal", action="store_true", help="print the content: it is raw and personal")
    replay = actions.add_parser("replay", help="write records that can be read now to a log")
    replay.add_argument("locators", nargs="*", metavar="LOCATOR", help="which records (default: all)")
    replay.add_argument("-o", dest="target", type=Path, required=True, metavar="FILE", help="new log, for its owner")
    replay.add_argument("--without", nargs="+", default=[], metavar="FIELD", help="leave these fields out first")
    replay.add_argument("--remove", action="store_true", help="remove the replayed records from the quarantine")
    for action in (listed, show, replay):
        action.add_argument("--keys", required=True, metavar="DIR")
        action.add_argument("--state", metavar="URI", help="private state (default: beside the key set)")
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS)


def run(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Run one action and return its exit code: 1 where a record still cannot be read."""
    from pipelines.preflight.state import open_state  # noqa: PLC0415
    from pipelines.state import quarantine  # noqa: PLC0415
    from transforms.keys.key_set import KeyReference  # noqa: PLC0415

    private = open_state(KeyReference.parse(arguments.keys), arguments.state)
    keys, place = private.keys, quarantine.open_quarantine(private.uri)
    if arguments.action == "list":
        found = [record.as_json() for record in quarantine.list_records(place)]
        sys.stdout.write(json.dumps(found) + "\n" if arguments.json else "".join(map(_line, found)))
        return 0
    if arguments.action == "show":
        record = quarantine.find_record(place, arguments.locator)
        content = quarantine.open_record(record, quarantine.load_private_keys(keys)) if arguments.reveal else None
        shown = record.as_json() | ({} if content is None else {"content": content.decode("utf-8", "replace")})
        sys.stdout.write(json.dumps(shown) + "\n" if arguments.json else _line(shown))
        if content is not None and not arguments.json:
            sys.stdout.write(str(shown["content"]) + "\n")
        return 0
    named = [quarantine.find_record(place, locator) for locator in arguments.locators]
    records = named or list(quarantine.list_records(place))
    privates = quarantine.load_private_keys(keys)
    done = quarantine.replay(records, privates, frozenset(arguments.without), arguments.target)
    for record in records if arguments.remove else ():
        if record.locator not in done.still_bad:
            quarantine.remove(record)
    result = {"events": done.events, "still_bad": list(done.still_bad), "log": str(arguments.target)}
    line = f"{done.events} events written to {arguments.target}, {len(done.still_bad)} records still break a rule\n"
    sys.stdout.write(json.dumps(result) + "\n" if arguments.json else line)
    return 1 if done.still_bad else 0


def _line(record: dict[str, object]) -> str:
    place = f"{record['source'] or record['release_id']}, line {record['line']}" if record["line"] else record["source"]
    field = f", field {record['field']}" if record["field"] else ""
    return f"{str(record['locator'])[:16]}  {record['reason']}  {place}{field}: {record['rule']}\n"
