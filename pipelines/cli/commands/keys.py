"""The commands ``keyveil keys init|export|holders|end|rotate`` and ``keyveil pseudonym``."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from pipelines.cli.arguments import USER_FILE, add_keys, add_state, open_private, read_day, read_user
from pipelines.cli.command import Answer, Changes, Group
from pipelines.cli.next_commands import BACK_UP
from pipelines.cli.terminal import Terminal

ROLES = ("pseudonym", "surrogate", "noise", "data", "transit", "quarantine", "signing")


class Init:
    """Make a key set."""

    name = "init"
    changes = Changes.NOTHING
    help = "make a new key set in DIR"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the folder and the data key."""
        parser.add_argument("directory", type=Path, metavar="DIR", help="folder that is made")
        _add_data_key(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Make the key set, and answer where it is."""
        from transforms.keys.key_set import create_key_set  # noqa: PLC0415 - --help should not wait
        from transforms.keys.kms import KmsKey  # noqa: PLC0415

        create_key_set(arguments.directory, KmsKey(arguments.data_key) if arguments.data_key else None)
        return _name_place(arguments.directory)


class Export:
    """Export the part of a key set that others may have."""

    name = "export"
    changes = Changes.KEYS
    help = "write the keys that a reader or another pipeline may have to FILE"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the key set, the role and the target."""
        parser.add_argument("directory", type=Path, metavar="DIR", help="the key set")
        parser.add_argument(
            "--role",
            choices=["reader", "pipeline", "bundle"],
            required=True,
            help="reader: data and verifying keys; pipeline: a folder with all but what opens the quarantine; bundle: "
            "the same as one file",
        )
        parser.add_argument(
            "--up-to",
            metavar="CLASS",
            help="for a reader: open only columns of this class and of those before it (id, structure, timing, "
            "pointer, text)",
        )
        parser.add_argument(
            "--holder", metavar="NAME", help="team or role that gets the keys, for the record of exports"
        )
        parser.add_argument("--until", type=read_day, metavar="DATE", help="last day on which the holder may use them")
        parser.add_argument("-o", dest="target", type=Path, required=True, metavar="FILE", help="file that is written")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Record the holder, write the keys, and answer with the path."""
        from pipelines.operations.key_exports import describe_export, write_export  # noqa: PLC0415 - --help should not wait

        export = describe_export(
            arguments.directory,
            arguments.role,
            arguments.holder,
            arguments.until,
            arguments.up_to,
            today=datetime.now(UTC).date(),
        )
        write_export(arguments.directory, export, arguments.target)
        return _name_place(arguments.target)


class Rotate:
    """Replace one key."""

    name = "rotate"
    changes = Changes.KEYS
    help = "replace one key; the old one still opens and verifies old releases"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the key set and the role of the key."""
        parser.add_argument("directory", type=Path, metavar="DIR", help="the key set")
        parser.add_argument("--role", choices=ROLES, required=True, metavar="ROLE", help=f"one of {', '.join(ROLES)}")
        _add_data_key(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Replace the key, and answer where the new one is."""
        from transforms.keys.key_set import KeyRole  # noqa: PLC0415 - --help should not wait
        from transforms.keys.kms import KmsKey  # noqa: PLC0415
        from transforms.keys.rotation import rotate  # noqa: PLC0415

        data_key = KmsKey(arguments.data_key) if arguments.data_key else None
        made = rotate(arguments.directory, KeyRole(arguments.role), data_key)
        told = f"{arguments.role} key {made}{_THEN.get(arguments.role, '')}\n{_RENEW}\n{BACK_UP}"
        return Answer({"made": made}, told)


class Holders:
    """List who holds exported keys."""

    name = "holders"
    changes = Changes.NOTHING
    help = "list the recorded exports of the keys of DIR: role, holder, last day"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the key set."""
        parser.add_argument("directory", type=Path, metavar="DIR", help="the key set")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with every export, oldest first."""
        from pipelines.observe.text_table import hang  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.operations.key_exports import read_exports, render_export  # noqa: PLC0415
        from schemas.errors import UsageError  # noqa: PLC0415
        from transforms.keys.key_set import KeyReference, KeySet  # noqa: PLC0415

        if arguments.directory.is_file():
            raise UsageError(
                f"{arguments.directory} is a part of a key set; its record lies in the folder: pass that one"
            )
        today, exports = datetime.now(UTC).date(), read_exports(arguments.directory)
        newest = KeySet.open(KeyReference.parse(str(arguments.directory))).reader().data.key_id
        listed = [asdict(export) | {"ended": export.has_ended(today), "opens": export.opens} for export in exports]
        lines = [line for export in exports for line in hang(render_export(export, today, newest))]
        return Answer({"exports": listed}, "\n".join(lines) or "no export is recorded")


class End:
    """Record that a holder may not use exported keys any more."""

    name = "end"
    changes = Changes.KEYS
    help = "record that today is the last day on which a holder may use exported keys"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the key set and the holder."""
        parser.add_argument("directory", type=Path, metavar="DIR", help="the key set")
        parser.add_argument(
            "--holder", required=True, metavar="NAME", help="team or role that got the keys, as the record names it"
        )

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Enter the end, and answer how many exports it ended and what is left to do."""
        from pipelines.observe.text_table import count  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.operations.key_exports import end_exports  # noqa: PLC0415

        ended = end_exports(arguments.directory, arguments.holder, datetime.now(UTC).date())
        return Answer({"ended": len(ended)}, f"{count(len(ended), 'export')} ended\n{_TAKE_BACK}")


_TAKE_BACK = (
    "next: take back the file and the copies of releases, then close later releases to whoever kept one: keyveil keys "
    "rotate --role data, and another export to each of the others"
)
_THEN = {
    "data": "; readers of later releases need a new export: keyveil keys export --role reader",
    "signing": "; give auditors the new signing.public.pem after the next release: until then they use the old one",
    "quarantine": "; back the key set up: only its retired key opens older records",
}
_RENEW = (
    "Renew each copy and bundle that runs use (keyveil keys export --role pipeline, or bundle): until then they go on "
    "with the earlier key, which everybody holds who had it"
)

_HELP = "make a key set, export the part that readers may have, replace a key"
KEYS = Group("keys", _HELP, (Init(), Export(), Holders(), End(), Rotate()))


class Pseudonym:
    """Name a user or session as a release does."""

    name = "pseudonym"
    changes = Changes.NOTHING
    help = "the name of a user or session in a release"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the user or session, and the release."""
        subject = parser.add_mutually_exclusive_group(required=True)
        subject.add_argument("--user", metavar="ID", help="a user as the recordings name them")
        subject.add_argument("--user-file", metavar="FILE", help=USER_FILE)
        subject.add_argument("--session", metavar="ID", help="a session as the recordings name it")
        parser.add_argument("--release", required=True, metavar="URI", help="address of the release")
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the name; end with 1 where the release does not hold it."""
        from pipelines.operations.report import find_name  # noqa: PLC0415 - --help should not wait
        from pipelines.release.subjects import normalise_user_id  # noqa: PLC0415
        from pipelines.state.id_case import folds_case  # noqa: PLC0415

        private = open_private(arguments)
        user = read_user(arguments)
        kind = "session" if user is None else "user"
        fold_case = kind == "user" and folds_case(private)
        identity = normalise_user_id(user or arguments.session or "", f"--{kind}", fold_case=fold_case)
        found = find_name(arguments.release, kind, identity, private.keys)
        note = f"no {kind} of this id is in the release, where the name would be this one; check the spelling"
        notes = () if found.is_there else (note,)
        return Answer({kind: found.name, "is_there": found.is_there}, found.name, notes, 0 if found.is_there else 1)


def _add_data_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data-key", metavar="URI", help="data key in Cloud KMS, gcp-kms://projects/...")


def _name_place(place: Path | str) -> Answer:
    return Answer({"made": str(place)}, str(place))
