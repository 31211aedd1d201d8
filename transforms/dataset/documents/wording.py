"""Sentences about a release that its card, Croissant file and report share."""

from collections.abc import Mapping

from schemas.safe import EVENTS_SCHEMA
from transforms.dataset.coverage import DIRECTION, FOCUS, NAMED, NODE, PLACE, POINTER, SCROLL
from transforms.dataset.manifest import BudgetStatement, Manifest, NoiseStatement

TITLE = "Computer use, redacted"
PURPOSE = "Training and evaluating models that use a computer, within the purpose that each person agreed to."
LICENCE = (
    "Restricted: named readers only, within the purpose that was agreed to. There is no public licence: what is made "
    "of the release, models too, may be passed on as its owner decided."
)
PROHIBITED = (
    "Measuring, comparing or disciplining the people who were recorded.",
    "Finding out who somebody is, or linking sessions of one person across releases.",
    "Passing the data, or keys to it, to anybody who was not granted access.",
)
_PERSONAL = (
    "Names, addresses, contact data, identifiers, credentials and other personal or secret values in typed text, "
    "screen text, titles, addresses, labels and the clipboard: replaced by surrogates or placeholders, key by key too."
)
_RARE = (
    "Applications and sites that too few people share: other, in titles, labels, screen texts and addresses of their "
    "session too; what was typed or pasted keeps them."
)
REMOVED = (
    _PERSONAL,
    "Passwords: one fixed marker. Password managers, banking, private windows and what the policy denies: dropped.",
    _RARE,
    "Recorded clock times: no column holds one, and none can be finer than the window of the release.",
    "Images, sound and video: none is in it. Text may have been read off a picture where a screen had no other.",
)
_RECALL = (
    "Redaction is done by detectors with a measured recall (docs/measurements.md of the keyveil that made this; on "
    "an evaluation set, never on these sessions). It is not differential privacy, and some values will be missed: "
    "treat the text as confidential."
)
GAPS = (
    _RECALL,
    "Guarantees for single events say nothing of a person, who has thousands of them.",
    "Which rows there are, of which kind and in which order, is released as it was.",
    "Positions are made up: inside the box of the target (place, box), or noise where place is null.",
    "Times are made up or noised: how long a session took, and how many hours were recorded, t_ms does not tell.",
    "What people click on is recorded and identifies them; how their hands move is not released.",
    "People who did not agree, or withdrew, are missing: the data is not a sample of all users.",
)
ERASE = (
    "To have a person erased, ask the owner of the release, who runs: keyveil erase --user ID URI --keys DIR. It "
    "rewrites every shard that holds the person and signs a proof into this manifest. Copies that readers made must be "
    "deleted by them: keep none, and read the current release."
)
ERASE_READER = (
    "A reader notices by this manifest: `erasures` is longer, and saved positions are refused. Then delete copies and "
    "sealed archives of the files named under `removed`, and ask the owner whether models that were "
    "trained on them without differential privacy must be trained again."
)


_NOISY = (
    "No count of what people did is exact: tables hold noisy counts, and the tallies of the run stay in private state. "
    "Files, their rows and sizes follow from noisy tables and admitted values."
)
_EXACT = (
    "Exact, without noise: the numbers of files, of {rows}, of rows and of rows of each kind; rows and bytes of each "
    "file; and the tallies of the run in the manifest and in report.html: source events read, kept, replaced, merged, "
    "suppressed and rejected, each with its reasons, entities redacted by kind, and released rows by coverage. Of a "
    "release over one person, or in the difference of two releases, they are one person's. Only the tables below "
    "aggregates/ hold noisy counts."
)
_COVERED = "Shares of released rows, from exact counts of the run; after an erasure, of the rows that are left."
_UNCOUNTED = "Not counted by the version of keyveil that made this release."
_NOT_SHOWN = "Not shown: no rows are released, and a share of rows would be an exact count of what people did."
_ROWS = {"events": "chunks", None: "sessions, of users"}


def is_tables_alone(manifest: Manifest) -> bool:
    """Return whether the release holds tables only, and no rows of people."""
    return manifest.profile == "aggregates"


def exactness(manifest: Manifest) -> str:
    """Describe which counts of the release are exact."""
    return _NOISY if is_tables_alone(manifest) else _EXACT.format(rows=_ROWS.get(manifest.profile, _ROWS[None]))


def coverage(manifest: Manifest) -> str:
    """Describe where the shares of ``shares`` come from, or why there are none."""
    if is_tables_alone(manifest):
        return _NOT_SHOWN
    return _COVERED if shares(manifest) else _UNCOUNTED


def shares(manifest: Manifest) -> list[tuple[str, str]]:
    """List how many of the rows that could tell something do; nothing if the run did not count it."""
    counts = manifest.counts
    if is_tables_alone(manifest) or POINTER not in counts:
        return []
    noised = counts[POINTER] - sum(counts.get(tally, 0) for tally in PLACE.values())
    pointer = {f"pointer rows with place {name}": counts.get(tally, 0) for name, tally in PLACE.items()}
    pointer |= {"pointer rows with noise and no place": noised, "pointer rows with a node": counts[NODE]}
    return [
        *((meaning, _share(number, counts[POINTER])) for meaning, number in pointer.items()),
        ("scrolls with the recorded direction, without noise", _share(counts[DIRECTION], counts[SCROLL])),
        ("windows whose application is named", _share(counts[NAMED], counts[FOCUS])),
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part:,} of {whole:,})" if whole else "no such rows"


def consent(manifest: Manifest) -> str:
    """Describe how consent was established."""
    if manifest.consent_mode == "evaluation":
        return (
            "None: every user was treated as consenting, for an evaluation. Do not use this release for anything else."
        )
    purpose = "this purpose" if manifest.purpose is None else f"the purpose {manifest.purpose}"
    return (
        f"Only people whom the consent registry named for {purpose}, without a withdrawal, when the release was made."
    )


def basis(manifest: Manifest) -> list[str]:
    """Describe the lawful basis, one sentence each."""
    basis = manifest.basis
    if basis is None:
        return ["No lawful basis was stated: do not use this release for anything but a trial on your own recordings."]
    lines = [
        ("Ground", basis.ground.replace("_", " ")),
        ("Impact assessment", basis.dpia),
        ("Agreement with the works council", basis.agreement),
        ("People or their representatives were consulted", basis.consulted),
        ("Reviewed by", basis.reviewer),
        ("Expires", basis.expires),
        ("Contact", basis.contact),
    ]
    if basis.releases_days is not None:
        lines.append(("Releases are deleted after", f"{basis.releases_days:,} days, {_count_from(manifest)}"))
    return [f"{name}: {words or 'not stated'}." for name, words in lines]


def real_value(manifest: Manifest) -> str:
    """Say what a reader does who sees a value that looks like a person's own."""
    contact = "" if manifest.basis is None else manifest.basis.contact
    return (
        "Copy it nowhere and look nobody up. Leave out the session, and tell "
        f"{contact or 'whoever gave you the keys'} the release, session, seq and column; these say which value is "
        "meant and hold nothing of it. `redactions` of that row tell what was already replaced."
    )


def last_day(manifest: Manifest) -> str | None:
    """Return the last day of the window of a release, null where it was made of all its logs at once."""
    return None if manifest.window is None else manifest.window.rpartition("..")[2]


def _count_from(manifest: Manifest) -> str:
    """Say from which day a reader counts; the day of sealing would date the logs: the owner's ledger alone has it."""
    last = last_day(manifest)
    if last is None:
        return "counted from the day of sealing, which no file of the release tells: ask the contact for it"
    return f"counted from the day of sealing; who does not know it counts from {last}, the last day of the window"


def storage(manifest: Manifest) -> str:
    """Describe how the files are protected."""
    if manifest.encryption == "none":
        return "The shards are clear, for evaluation in a private folder."
    return f"The shards are sealed (Parquet Modular Encryption, AES-GCM) under the data key {manifest.data_key}."


ALL_CHARGES = "all charges of this key set so far (releases, trainings, tables of opt-outs)"


def cost(budget: BudgetStatement) -> str:
    """Describe what a release spends; a delta alone spends nothing."""
    return (
        f"epsilon {budget.epsilon:.4g}, delta {budget.delta:g} for one {budget.unit}" if budget.epsilon else "nothing"
    )


def lifetime(budget: BudgetStatement) -> str:
    """Describe what was spent of the budget of one user when the release was charged, by whatever charge."""
    amount = f"epsilon {budget.spent_epsilon:.4g} of" if budget.spent_epsilon else "nothing of epsilon"
    return f"{ALL_CHARGES}: {amount} {budget.lifetime_epsilon:g} for one user at delta {budget.lifetime_delta:g}"


def guarantee(item: NoiseStatement) -> str:
    """Describe the guarantee of one group of columns and what it does not cover."""
    columns = ", ".join(item.columns)
    spent = (
        f"epsilon {item.epsilon:g}, delta {item.delta or 0:g}. Accountant: {item.accountant}."
        if item.epsilon
        else "Nothing is spent."
    )
    said = f"{columns}: {item.mechanism}. Unit: {item.unit}. Adjacent: {item.adjacency}. {spent}"
    return " ".join([said, "Not covered:", *item.not_covered]) if item.not_covered else said


PARTS = {"names": "names beyond the public lists", "tables": "tables of counts"}
"""Parts of a release that cost budget and may be off, by name, in words."""


def left_out(manifest: Manifest) -> list[str]:
    """Describe the parts that are off: that they cost nothing, and from how many people on they help."""
    said = []
    for item in manifest.left_out:
        helps = "" if item.from_people is None else f"; they help from {item.from_people:,} people on"
        said.append(f"{PARTS[item.part].capitalize()}: off, at no cost{helps}.")
    return said


def useful_from(unweighed: Mapping[str, int]) -> str:
    """Say from how many people on each part that is on helps, where nobody stated how many there are."""
    return ", ".join(f"{PARTS[part]} are useful from {fewest:,} people on" for part, fewest in unweighed.items())


_ERASED_SINCE = (
    "Counts of the run, before erasures: what was read and redacted of people who were erased since is in them. Rows, "
    "sessions and coverage are of what is left."
)


def erased_since(manifest: Manifest) -> str:
    """Say that the tallies of entities and outcomes are older than the rows, '' where nobody was erased."""
    return _ERASED_SINCE if manifest.erasures else ""


ENTITIES = (
    "Values found, in each text of the recordings. Rows hold more marks (`redactions`): a screen has them in its text "
    "and in its nodes. Names that too few people share are not in these counts."
)


def has_tables(manifest: Manifest) -> bool:
    """Return whether the release holds noisy tables."""
    return any(shard.path.startswith("aggregates/") for shard in manifest.shards)


def counts(manifest: Manifest, prefix: str) -> list[tuple[str, int]]:
    """List the tallies of the run whose names begin with ``prefix``, which is stripped."""
    return [(name.removeprefix(prefix), n) for name, n in sorted(manifest.counts.items()) if name.startswith(prefix)]


def window(manifest: Manifest) -> str:
    """Say of which days a release is, '' where it was made of all its logs at once."""
    return "" if manifest.window is None else f", days {manifest.window.replace('..', ' to ')}"


def erasures(manifest: Manifest) -> str:
    """Say how many erasures the release has proven, and when the last one was signed."""
    last = manifest.erasures[-1].at if manifest.erasures else None
    dated = "" if last is None else f", the last on {last}"
    return f"Erasures in this release so far: {len(manifest.erasures)}{dated}."


def size(manifest: Manifest) -> tuple[int, int, int]:
    """Count the sessions, events and files of a release."""
    rows = {"events/": 0, "sessions/": 0}
    for shard in manifest.shards:
        for folder in rows:
            rows[folder] += shard.rows if shard.path.startswith(folder) else 0
    return rows["sessions/"], rows["events/"], len(manifest.shards)


def columns() -> list[tuple[str, str, str]]:
    """List name, type and description (with unit) of each column of the events."""
    return [(column.name, str(column.type), column.metadata[b"description"].decode()) for column in EVENTS_SCHEMA]
