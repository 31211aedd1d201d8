"""The commands ``keyveil keys init|export|rotate`` and ``keyveil pseudonym``."""

import argparse
from pathlib import Path

from pipelines.cli.arguments import add_keys, add_state
from pipelines.cli.command import Answer, Group
from pipelines.cli.terminal import Terminal

ROLES = ("pseudonym", "surrogate", "noise", "data", "transit", "quarantine", "signing")


class Init:
    """Make a key set."""

    name = "init"
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
        parser.add_argument("--up-to", metavar="CLASS", help="open columns up to this sensitivity only, e.g. timing")
        parser.add_argument("-o", dest="target", type=Path, required=True, metavar="FILE", help="file that is written")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Write the keys, and answer where they are."""
        from transforms.keys.key_set import export_bundle, export_pipeline, export_reader  # noqa: PLC0415

        if arguments.role == "pipeline":
            export_pipeline(arguments.directory, arguments.target)
        elif arguments.role == "bundle":
            export_bundle(arguments.directory, arguments.target)
        else:
            export_reader(arguments.directory, arguments.target, arguments.up_to)
        return _name_place(arguments.target)


class Rotate:
    """Replace one key."""

    name = "rotate"
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
        return _name_place(rotate(arguments.directory, KeyRole(arguments.role), data_key))


KEYS = Group("keys", "make a key set, or export the part that readers may have", (Init(), Export(), Rotate()))


class Pseudonym:
    """Name a user or session as a release does."""

    name = "pseudonym"
    help = "the name of a user or session in a release"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the user or session, and the release."""
        subject = parser.add_mutually_exclusive_group(required=True)
        subject.add_argument("--user", metavar="ID", help="a user as the recordings name them")
        subject.add_argument("--session", metavar="ID", help="a session as the recordings name it")
        parser.add_argument("--release", required=True, metavar="URI", help="folder of the release")
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the name."""
        from pipelines.preflight.state import open_state  # noqa: PLC0415 - --help should not wait
        from pipelines.release.subjects import normalise_user_id  # noqa: PLC0415
        from pipelines.state.id_case import folds_case  # noqa: PLC0415
        from transforms.keys.key_set import KeyReference, KeyRole  # noqa: PLC0415
        from transforms.keys.pseudonym import pseudonym  # noqa: PLC0415

        release_id = Path(arguments.release).name
        private = open_state(KeyReference.parse(arguments.keys), arguments.state)
        names = private.keys.derive(KeyRole.PSEUDONYM, release_id)
        kind = "user" if arguments.user is not None else "session"
        fold_case = kind == "user" and folds_case(private)
        identity = normalise_user_id(arguments.user or arguments.session or "", f"--{kind}", fold_case=fold_case)
        found = pseudonym(names, kind, identity)
        return Answer({kind: found}, found)


def _add_data_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data-key", metavar="URI", help="data key in Cloud KMS, gcp-kms://projects/...")


def _name_place(place: Path | str) -> Answer:
    return Answer({"made": str(place)}, str(place))
