"""Compare what was agreed about a place with what is there (``keyveil review``): the page that a review is held over.

Each line sets a sentence of the agreement, the registry or a manifest beside what was read just now, and says whether
both are the same.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipelines.observe.text_table import count
from pipelines.operations.key_exports import KeyExport
from pipelines.operations.pages.agreed_readers import BucketAgreement
from pipelines.operations.pages.plain_page import Section, render_plain_page
from pipelines.operations.verify import VerifyReport
from transforms.dataset.documents.wording import guarantee
from transforms.dataset.manifest import Manifest
from transforms.preflight.verdict import CheckOutcome, Verdict

TITLE = "What was agreed, and what is there"
_COLUMNS = ("what", "agreed", "there")
_OUTCOMES = {CheckOutcome.PASSED: True, CheckOutcome.WAIVED: None}
_UNSEEN = (
    "Who read it, and when: keyveil access-report, from the access logs.",
    "Whether copies are elsewhere: keyveil trace-leak, for a file that was found.",
    "What the program that redacts has missed. Ask for its measured figures, and look at previews of sessions.",
    "Whether people were told, could pause, and were answered.",
    "Whether the agreement itself is right.",
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A thing that was agreed, what is there, and whether both are the same; ``None``: a person has to judge it."""

    what: str
    agreed: str
    observed: str
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class Spending:
    """All charges of a ledger for one user: their epsilon, by the delta; and the trainings, each with its day."""

    ledger_id: str
    epsilon: Mapping[float, float]
    trainings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Facts of a place, read on a day: the verdict on it, its verified releases, and the exports of their keys.

    ``sealed_on`` holds the day on which the ledger sealed a release, by its id, ``approved_by`` the reviewers who
    approved its manifest, and ``spending`` all that the ledger charged; without a key set the days are missing, and
    the rest is ``None``.
    """

    day: date
    verdict: Verdict
    verified: VerifyReport
    manifests: Sequence[Manifest]
    sealed_on: Mapping[str, date]
    approved_by: Mapping[str, Sequence[str]] | None
    exports: Sequence[KeyExport] | None
    spending: Spending | None = None


def compare(evidence: Evidence, policy: BucketAgreement | None) -> tuple[Comparison, ...]:
    """Compare all that can be compared of the place, of its releases and of their keys."""
    place = (
        Comparison(item.title, item.expected, _describe(item.read, item.waiver), _OUTCOMES.get(item.outcome, False))
        for item in evidence.verdict.findings
    )
    return (*_compare_releases(evidence, policy), *_compare_keys(evidence), *place)


def _describe(read: str, waiver: str | None) -> str:
    return read if waiver is None else f"{read} (accepted: {waiver})"


def _compare_releases(evidence: Evidence, policy: BucketAgreement | None) -> Iterator[Comparison]:
    manifests, verified = evidence.manifests, evidence.verified
    read = f"{count(len(manifests), 'release')}, {count(verified.rows, 'row')}"
    yield Comparison(
        "Signatures, files and rows" if verified.decoded else "Signatures and files",
        "as they were signed",
        f"{read}, {count(len(verified.findings), 'finding')} of keyveil verify",
        not verified.findings,
    )
    yield _compare_people(manifests)
    yield _count("Encryption", "sealed", manifests, lambda item: item.encryption == "sealed")
    yield _compare_basis(evidence)
    yield _compare_approvals(evidence)
    yield _count(
        "Settings of privacy",
        "none that promises less than the policy",
        manifests,
        lambda item: item.budget is None or not item.budget.loosened,
    )
    yield from _compare_budget(evidence)
    yield _compare_age(evidence, policy)


def _count(what: str, agreed: str, manifests: Sequence[Manifest], holds: Callable[[Manifest], bool]) -> Comparison:
    number = sum(map(holds, manifests))
    return Comparison(what, agreed, f"{number:,} of {count(len(manifests), 'release')}", number == len(manifests))


def _compare_people(manifests: Sequence[Manifest]) -> Comparison:
    """Compare what the manifests say of consent; whose rows they are takes the registry, which is not at hand here."""
    told = _count("People in it", "those of a registry", manifests, lambda item: item.consent_mode == "registry")
    return replace(told, observed=f"{told.observed} state it; whose rows they hold, keyveil verify --consent tells")


def _compare_basis(evidence: Evidence) -> Comparison:
    """Compare the recorded basis of each release with the day on which it was sealed, or today."""
    stated = [(item, item.basis) for item in evidence.manifests if item.basis is not None and item.basis.ground]
    ended = sum(
        basis.expires is not None
        and date.fromisoformat(basis.expires) < evidence.sealed_on.get(item.release_id, evidence.day)
        for item, basis in stated
    )
    words = dict.fromkeys(
        f"{basis.ground}, {basis.dpia or 'no report'}, {basis.agreement or 'no agreement'}, reviewed by "
        f"{basis.reviewer or 'nobody'}"
        for _, basis in stated
    )
    told = f"stated in {len(stated):,} of {count(len(evidence.manifests), 'release')}"
    return Comparison(
        "Why it is allowed",
        "a basis, stated and not over when the release was made",
        f"{told}, over in {ended:,}: {'; '.join(words)}" if words else told,
        len(stated) == len(evidence.manifests) and not ended,
    )


def _compare_approvals(evidence: Evidence) -> Comparison:
    """Compare the approvals with the manifests: after an erasure a release must be approved again."""
    what, agreed = "Approved, after a look at it", "each release, as it lies there"
    if evidence.approved_by is None:
        return Comparison(what, agreed, "unknown: the ledger says it, which takes the key set (--keys)", None)
    approved = [
        evidence.approved_by[item.release_id] for item in evidence.manifests if item.release_id in evidence.approved_by
    ]
    reviewers = ", ".join(sorted({reviewer for named in approved for reviewer in named}))
    told = f"{len(approved):,} of {count(len(evidence.manifests), 'release')}"
    return Comparison(
        what,
        agreed,
        f"{told}, by {reviewers}" if reviewers else told,
        True if len(approved) == len(evidence.manifests) else None,
    )


def _compare_budget(evidence: Evidence) -> Iterator[Comparison]:
    """Compare what one person's privacy cost with its limit, of each ledger; a manifest knows no later charge."""
    manifests = sorted(evidence.manifests, key=_entry)
    stated = {item.budget.ledger_id: item.budget for item in manifests if item.budget is not None}
    for ledger_id, budget in stated.items():
        spending = evidence.spending if evidence.spending and evidence.spending.ledger_id == ledger_id else None
        if spending is None:
            spent, when = budget.spent_epsilon, "when the last release was charged; of later charges the ledger knows"
        else:
            spent, when = spending.epsilon[budget.lifetime_delta], "by the ledger"
        trainings = "" if spending is None else f"; trainings: {', '.join(spending.trainings) or 'none'}"
        within = spent <= budget.lifetime_epsilon
        yield Comparison(
            "Privacy budget of one user",
            f"epsilon {budget.lifetime_epsilon:g} at delta {budget.lifetime_delta:g}",
            f"{f'epsilon {spent:.4g}' if spent else 'nothing'} spent {when}{trainings}",
            None if within and spending is None else within,
        )


def _entry(manifest: Manifest) -> int:
    return 0 if manifest.budget is None else manifest.budget.entry


def _compare_age(evidence: Evidence, policy: BucketAgreement | None) -> Comparison:
    what, ages = "How long it is kept", [(evidence.day - day).days for day in evidence.sealed_on.values()]
    oldest = (
        f"the oldest release is {count(max(ages), 'day')} old"
        if ages
        else "unknown: of the day of a release the ledger knows, which takes the key set (--keys)"
    )
    if policy is not None:
        agreed, longest = count(policy.retention_days, "day"), policy.retention_days
    else:
        stated = {item.basis.releases_days for item in evidence.manifests if item.basis and item.basis.releases_days}
        if not stated:
            return Comparison(what, "not stated: pass --policy, or set basis.releases_days", oldest, None)
        agreed, longest = f"{count(min(stated), 'day')}, as the releases state (basis.releases_days)", min(stated)
    if ages:
        oldest += f", and may stay until {min(evidence.sealed_on.values()) + timedelta(days=longest)}"
    return Comparison(what, agreed, oldest, max(ages) <= longest if ages else None)


def _compare_keys(evidence: Evidence) -> Iterator[Comparison]:
    """Compare each export of keys with its last day; of one without an end a person must judge."""
    opened = Counter(item.data_key for item in evidence.manifests)
    dated = [item for item in evidence.manifests if item.release_id in evidence.sealed_on]
    newest = max(dated, key=lambda item: evidence.sealed_on[item.release_id], default=None)
    for export in evidence.exports or ():
        over = export.has_ended(evidence.day) and export.data_key in opened
        rotated = newest is not None and newest.data_key != export.data_key
        observed = "over, and the releases are still sealed under that key" if over else "holds the key"
        if over and rotated:
            sealed = count(opened[export.data_key], "release")
            observed = (
                f"over; the key was rotated since, and {sealed} sealed under it remain open: erase or retain them"
            )
        yield Comparison(
            f"Keys of {export.holder} ({export.scope}, exported on {export.at})",
            export.term,
            observed,
            None if export.end is None or (over and rotated) else not over,
        )


def render_review(uri: str, evidence: Evidence, compared: Sequence[Comparison]) -> bytes:
    """Render the page; it names readers and holders as the agreement does, and quotes no row."""
    differing = sum(item.agrees is False for item in compared)
    opening = (
        f"This page was made on {evidence.day} from what lies at {uri}, not from what anybody said about it.",
        f"{differing:,} of {count(len(compared), 'line')} differ from what was agreed.",
    )
    holders = (
        ()
        if evidence.exports is not None
        else ("Who holds keys takes the original of the key set: pass it with --keys.",)
    )
    sections = (
        _tabulate("What differs", compared, agrees=False),
        _tabulate("What you must judge", compared, agrees=None, sentences=holders),
        _tabulate("What is as agreed", compared, agrees=True),
        Section("Noise on what is released", (), tuple(_list_guarantees(evidence.manifests))),
        Section("What this page cannot see", (), _UNSEEN),
    )
    return render_plain_page(TITLE, opening, sections)


def _tabulate(
    title: str, compared: Sequence[Comparison], *, agrees: bool | None, sentences: Sequence[str] = ()
) -> Section:
    rows = [(item.what, item.agreed, item.observed) for item in compared if item.agrees is agrees]
    return Section(title, sentences if rows or sentences else ("Nothing.",), columns=_COLUMNS, rows=rows)


def _list_guarantees(manifests: Sequence[Manifest]) -> Iterator[str]:
    yield from dict.fromkeys(guarantee(item) for manifest in manifests for item in manifest.noise)
