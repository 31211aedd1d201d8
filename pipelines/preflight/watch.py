"""The two looks of a run: before anything is read, and before the manifest is signed."""

import json
from dataclasses import dataclass

from rich.console import Console

from pipelines.preflight.guard import Guard
from schemas.errors import RefusedError
from transforms.keys.provider import KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest
from transforms.objects.place import put
from transforms.objects.places import located
from transforms.store.manifest import PreflightRecord
from transforms.store.preflight.check import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Watch:
    """A run whose first look allowed it to begin."""

    guard: Guard
    first: Verdict

    def second_look(self, keys: KeySet, target: str) -> PreflightRecord:
        """Look again, keep the whole result at ``target`` (private state), and return what the manifest says of it.

        Raises ``RefusedError`` where the place is no longer as agreed, or was changed since the first look.
        """
        verdict = self.guard.look(self.first.seen)
        place, name = located(target)
        put(place, name, json.dumps(verdict.as_json(), indent=1).encode())
        verdict.require()
        seen = verdict.seen
        digesting = keys.derive(KeyRole.TRANSIT, "fact-digest")
        return PreflightRecord(
            digest=keyed_digest(digesting, b"preflight", verdict.canonical()),
            passed=len(verdict.of(Outcome.PASSED)),
            advised=tuple(finding.check for finding in verdict.of(Outcome.ADVISED)),
            waived=tuple(finding.check for finding in verdict.of(Outcome.WAIVED)),
            metageneration=seen.metageneration if seen else None,
            policy_etag=seen.policy_etag if seen else None,
        )

    def check_unchanged(self, record: PreflightRecord) -> None:
        """Raise ``RefusedError`` unless the place is still in the state that ``record`` is about."""
        now = self.guard.seen()
        state = (now.metageneration, now.policy_etag) if now else (None, None)
        if state != (record.metageneration, record.policy_etag):
            raise RefusedError(
                f"{self.first.subject} was changed after it was checked, or cannot be read any more; nothing is "
                "published: find the change in the audit log, undo it, and run again"
            )


def begin_watch(guard: Guard, console: Console) -> Watch:
    """Return the watch over a run after its first look, with one line for each check that advises or is waived.

    Raises ``RefusedError`` where nothing may be written.
    """
    first = guard.look()
    first.require()
    for finding in (*first.of(Outcome.ADVISED), *first.of(Outcome.WAIVED)):
        remedy = f"waived: {finding.waiver}" if finding.waiver else f"mend it with: {finding.mend}"
        line = f"keyveil: warning: {first.subject}: {finding.read}; expected {finding.expected}; {remedy}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return Watch(guard, first)
