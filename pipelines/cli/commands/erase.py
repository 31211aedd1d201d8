"""The command ``keyveil erase``."""

import argparse

from pipelines.cli.arguments import USER_FILE, add_keys, add_state, open_private, read_user
from pipelines.cli.command import Answer, Changes
from pipelines.cli.terminal import Terminal
from schemas.errors import UsageError


class Erase:
    """Take one person out of every release."""

    name = "erase"
    changes = Changes.STATE
    help = "take one person out of every release"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the person, the address, and how far to go."""
        parser.add_argument(
            "uri",
            nargs="?",
            metavar="URI",
            help="an output, or a dataset or release in it; all datasets that the ledger knows are searched with it",
        )
        parser.add_argument(
            "--user", metavar="ID", help="the person; the list of processes shows it: prefer --user-file"
        )
        parser.add_argument("--user-file", metavar="FILE", help=USER_FILE)
        parser.add_argument(
            "--pending",
            action="store_true",
            help="finish erasures that were begun; with URI and --consent also erase everyone who withdrew",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be rewritten and change nothing")
        parser.add_argument("--consent", metavar="FILE", help="also look the person up in this consent registry")
        parser.add_argument(
            "--force", action="store_true", help="bar the person from later runs even if nothing of them is found"
        )
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Erase; end with 1 where records in quarantine could not be read or nothing was found."""
        user = read_user(arguments)
        one = user is not None and arguments.uri is not None
        if arguments.pending == one or (arguments.pending and arguments.consent is not None and arguments.uri is None):
            raise UsageError(
                "name a person and an address (keyveil erase --user ID URI), or --pending alone; --pending with an "
                "address and --consent FILE also erases whoever withdrew"
            )
        from pipelines.cli.erasure_notes import (  # noqa: PLC0415 - --help should not wait for what follows
            advise_next,
            count_coming,
            describe_reach,
            note_not_found,
            note_partial,
            render_nothing,
        )
        from pipelines.observe.text_table import count, count_people  # noqa: PLC0415
        from pipelines.operations.erase import EraseRequest, erase  # noqa: PLC0415 - pyarrow is slow to import

        request = EraseRequest(
            user=user, uri=arguments.uri, dry_run=arguments.dry_run, consent=arguments.consent, force=arguments.force
        )
        private = open_private(arguments)
        done = erase(request, private)
        verb = "would be rewritten" if arguments.dry_run else "rewritten"
        erased = "would be erased" if arguments.dry_run else "erased"
        lines, notes = [], []
        for item in done:
            files = sum(len(release.get("removed", release.get("files", ()))) for release in item.releases)
            lines.append(
                f"{count(files, 'file')} in {count(len(item.releases), 'release')} and "
                f"{count(item.staged, 'staged file')} {verb}, {count(item.quarantined, 'quarantined record')}"
            )
            if item.unfinished:
                notes.append(f"not finished: {item.unfinished}")
            if item.not_found_in:
                notes.append(note_not_found(request, item))
        if arguments.pending and done:
            lines.append(f"{count_people(len(done))} {erased}")
        if not arguments.dry_run and any(not item.not_found_in for item in done):
            lines.append(advise_next(request, private))
        lines += filter(None, [describe_reach(request, done)])
        partly = note_partial(request, private)
        notes += filter(None, [partly])
        shown, code = "\n".join(lines) or render_nothing(request, private), 1 if notes else 0
        coming = count_coming(request, private)
        if coming:
            notes.append(f"of the registry, {coming} withdraw only later (withdrawn_at) and are not erased yet")
        return Answer([item.as_json() for item in done], shown, tuple(notes), code)
