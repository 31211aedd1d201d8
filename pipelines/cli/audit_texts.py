"""Answers of ``keyveil verify`` and ``keyveil trace-leak`` as text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipelines.observe.text_table import align, count, count_people
from pipelines.operations.disclosure.people_proof import count_untold, find_last_obeyed

if TYPE_CHECKING:
    from pipelines.cli.verify_proofs import PauseProof
    from pipelines.operations.consent_proof import ConsentProof
    from pipelines.operations.disclosure.people_proof import ReleasePeople
    from pipelines.operations.disclosure.settings_proof import SettingsProof
    from pipelines.operations.disclosure.signed_record import SignedRecord
    from pipelines.operations.disclosure.trace_leak import LeakReport
    from pipelines.operations.verify import VerifyReport

_SIGNATURES_ONLY = "signatures and hashes valid; rows not checked (that needs a reader's key of all columns)"


def render_verdict(
    verdict: "VerifyReport", made_with: "SettingsProof | None", people: "Sequence[ReleasePeople] | None" = None
) -> Iterator[str]:
    """Yield the lines of a verification without a finding about files."""
    if not verdict.releases and verdict.charges is not None:
        yield "no release is there, and the ledger knows of none that should be"
        return
    what = "signatures, hashes and rows valid" if verdict.decoded else _SIGNATURES_ONLY
    yield f"{count(len(verdict.releases), 'release')}, {count(verdict.shards, 'file')}: {what}"
    if (unread := len(verdict.releases) - verdict.read) > 0:
        yield f"read whole: {verdict.read}; unchanged since they were read, by their listing: {unread}"
    if verdict.charges is not None:
        yield f"the ledger holds the charge of {verdict.charges}"
    if verdict.erasures:
        yield render_erasures(verdict)
    yield from render_signers(verdict)
    if verdict.elsewhere:
        yield f"not looked at: {count(len(verdict.elsewhere), 'more release')} of the ledger, sealed at other addresses"
    if verdict.proof is not None:
        yield from render_consent(verdict.proof)
    if people is not None:
        yield from render_people(people, () if verdict.proof is None else verdict.proof.obeyed)
    if made_with is not None:
        yield from render_settings(made_with)
    if verdict.canaries:
        yield f"no canary of {verdict.canaries} in {verdict.scanned} files"


def render_signers(verdict: "VerifyReport") -> Iterator[str]:
    """Say which signing key signed how many releases, and whether it is the passed one."""
    for key, number in sorted(Counter(verdict.signers.values()).items()):
        reached = ", to which a signed rotation leads from the passed key" if key in verdict.followed else ""
        yield f"signed by key {key}{reached}: {count(number, 'release')}"


def render_erasures(verdict: "VerifyReport") -> str:
    """Say how many releases prove how many erasures, and of how many people, which private state alone knows."""
    verb = "holds" if verdict.proving == 1 else "hold"
    proofs = (
        "a proof of an erasure" if verdict.erasures == verdict.proving else f"{verdict.erasures:,} proofs of erasures"
    )
    people = "person" if verdict.erased == 1 else "people"
    known = "" if verdict.erased is None else f", of {verdict.erased:,} {people} in all, known to private state"
    return f"{count(verdict.proving, 'release')} {verb} {proofs}{known}"


def render_consent(proof: "ConsentProof") -> Iterator[str]:
    """Say which releases were made under the registry; of the others only how many there are."""
    yield f"made under this consent registry: {', '.join(proof.obeyed) or 'none'}"
    if proof.other:
        yield f"made under a registry with other rows: {len(proof.other)}"
    if proof.unstated:
        yield f"manifests that state no registry: {len(proof.unstated)}"


def render_people(people: "Sequence[ReleasePeople]", obeyed: Sequence[str]) -> Iterator[str]:
    """Say of each release how many people have rows in it, what the registry says of them now, and what it cannot."""
    last = find_last_obeyed(people, obeyed)
    for item in people:
        everybody = item.agree + item.withdrew + item.unknown
        if not everybody:
            yield f"rows of {item.release_id}: none with the name of a person"
            continue
        told = [f"{item.agree:,} agree now"]
        told += [f"{item.withdrew:,} withdrew, and {_are(item.withdrew)} not erased"] if item.withdrew else []
        told += [f"{item.unknown:,} {_are(item.unknown)} not in this registry"] if item.unknown else []
        yield f"rows of {item.release_id}: {count_people(everybody)}, of whom {', '.join(told)}"
        if untold := count_untold(item, obeyed, last):
            yield f"  whether {untold:,} of them had agreed when it was sealed only the registry of that release tells"


def render_pauses(pauses: "Sequence[PauseProof]") -> Iterator[str]:
    """Say how many pauses the last run of each dataset obeyed."""
    for item in pauses:
        missed = item.pauses - item.obeyed
        since = f"; {missed:,} {_are(missed)} longer or newer than what it knew, or not obeyed" if missed else ""
        yield f"pauses that the last run of {item.dataset} obeyed: {item.obeyed:,} of {item.pauses:,}{since}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def render_settings(proof: "SettingsProof") -> Iterator[str]:
    """Say which releases were made with the settings; what they are is in the file that was passed."""
    if proof.made:
        yield f"made with these settings (all but consent and basis): {', '.join(proof.made)}"
    if proof.other_basis:
        yield f"of these, stating another lawful basis than these settings (basis.*): {', '.join(proof.other_basis)}"
    if proof.other:
        yield f"made with other settings: {', '.join(proof.other)}"
    if proof.unknown:
        yield f"made by other code, and not known to have these settings: {', '.join(proof.unknown)}"


def render_record(record: "SignedRecord") -> Iterator[str]:
    """Yield the lines of a signed record: when it was made, its steps, and who got keys."""
    number = len(record.trail)
    held = f"{number:,} {'entry' if number == 1 else 'entries'}, {count(len(record.releases), 'release')}"
    yield f"record of {record.made}: ledger {record.chain.ledger_id}, {held}"
    yield from align([(str(step["number"]), step["at"], step["action"], step["subject"]) for step in record.trail])
    for export in record.exports:
        yield f"keys exported on {export.at} to: {export.holder} ({export.scope}, {export.term})"


def render_leak(report: "LeakReport") -> Iterator[str]:
    """Yield the releases that files come from, how sure that is, and who got keys of them."""
    yield f"looked for traces of {count(report.compared, 'release')} in {count(report.files, 'file')}"
    if report.unknown:
        yield f"{count(report.unknown, 'name')} like those of sessions and users, and of no release now:"
        yield "  the copy may be from before an erasure, or of a release that is gone; have every copy deleted"
    if not report.releases:
        yield "none found; numbers alone, fewer than eight words in a row, and pictures leave no trace"
    for item in report.releases:
        yield ""
        yield f"{item.address} (dataset {item.dataset})"
        if item.files:
            yield f"  {count(item.files, 'file')} of it, byte for byte"
        for copies in item.erased:
            shards = "a shard" if copies.files == 1 else f"{copies.files:,} shards"
            day = "an erasure" if copies.at is None else f"the erasure of {copies.at}"
            holds = "it holds" if copies.files == 1 else "they hold"
            yield f"  {shards} from before {day}: {holds} rows of a person who was erased; have every copy deleted"
        if item.sessions or item.users:
            yield f"  names of {item.sessions:,} of its {item.all_sessions:,} sessions"
            yield f"  names of {item.users:,} of its {item.all_users:,} users"
        yield f"  {item.windows:,} times eight words in a row, {item.alone:,} of them in no other release"
        if not item.is_certain:
            yield "  words alone may come from elsewhere, as from a page that people read"
        for export in item.exports:
            blind = "" if export.opens_texts else "; these keys open no text of it"
            about = f"{export.holder} ({export.scope}, {export.term})"
            yield f"  opens with keys exported on {export.at} to: {about}{blind}"
