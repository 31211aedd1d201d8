"""The commands ``keyveil keys`` and ``keyveil pseudonym``."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROLES = ("pseudonym", "surrogate", "noise", "data", "transit", "quarantine", "signing")


def add_parser(commands: Any, epilog: str) -> None:
    """Add ``keys init``, ``export`` and ``rotate``, and ``pseudonym`` to the command line."""
    keys = commands.add_parser("keys", help="make a key set, or export the part that readers may hold", epilog=epilog)
    actions = keys.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(keys))
    init = actions.add_parser("init", help="make a new key set in DIR")
    init.add_argument("directory", type=Path, metavar="DIR", help="folder that is made")
    export = actions.add_parser("export", help="write the data and verifying keys to FILE")
    export.add_argument("directory", type=Path, metavar="DIR")
    export.add_argument("--role", choices=["reader", "pipeline", "bundle"], required=True)
    export.add_argument("--up-to", metavar="CLASS", help="open columns up to this sensitivity only, for example timing")
    export.add_argument("-o", dest="target", type=Path, required=True, metavar="FILE")
    rotation = actions.add_parser("rotate", help="replace one key; the old one still opens and verifies old releases")
    rotation.add_argument("directory", type=Path, metavar="DIR")
    rotation.add_argument("--role", choices=ROLES, required=True)
    for action in (init, rotation):
        action.add_argument("--data-key", metavar="URI", help="data key in Cloud KMS, gcp-kms://projects/...")
    name = commands.add_parser("pseudonym", help="what a user or session is called in a release", epilog=epilog)
    who = name.add_mutually_exclusive_group(required=True)
    who.add_argument("--user", metavar="ID")
    who.add_argument("--session", metavar="ID")
    name.add_argument("--release", required=True, metavar="URI", help="folder of the release")
    name.add_argument("--keys", required=True, metavar="DIR")
    name.add_argument("--state", metavar="URI", help="private state (default: beside the key set)")


def run_keys(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Create, export or rotate keys, and print where they are."""
    from transforms.keys.key_set import (  # noqa: PLC0415
        KeyRole,
        create_key_set,
        export_bundle,
        export_pipeline,
        export_reader,
    )
    from transforms.keys.kms import KmsKey  # noqa: PLC0415
    from transforms.keys.rotation import rotate  # noqa: PLC0415

    if arguments.action == "init":
        create_key_set(arguments.directory, KmsKey(arguments.data_key) if arguments.data_key else None)
        made = arguments.directory
    elif arguments.action == "rotate":
        made = rotate(
            arguments.directory,
            KeyRole(arguments.role),
            KmsKey(arguments.data_key) if arguments.data_key else None,
        )
    else:
        if arguments.role == "pipeline":
            export_pipeline(arguments.directory, arguments.target)
        elif arguments.role == "bundle":
            export_bundle(arguments.directory, arguments.target)
        else:
            export_reader(arguments.directory, arguments.target, arguments.up_to)
        made = arguments.target
    sys.stdout.write(json.dumps({"made": str(made)}) + "\n" if arguments.json else f"{made}\n")
    return 0


def run_pseudonym(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Print the name of a user or session in a release."""
    from pipelines.preflight.state import open_state  # noqa: PLC0415
    from pipelines.release.prepare import normalise_user_id  # noqa: PLC0415
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
    sys.stdout.write(json.dumps({kind: found}) + "\n" if arguments.json else f"{found}\n")
    return 0
