"""The answer to an access request: all that is kept about one person, and what cannot be seen (``subject-report``)."""

from pipelines.observe.text_table import count
from pipelines.operations.pages.agreed_readers import BucketAgreement, write_holders, write_readers, write_retention
from pipelines.operations.pages.plain_page import Section, render_plain_page
from pipelines.operations.pages.subject import Standing, Subject
from schemas.privacy import Profile
from schemas.safe import EVENTS_SCHEMA
from transforms.dataset.documents.wording import guarantee

_NO_AGREEMENT = "No agreement about readers and dates was given with this report. Ask for one."
_UNKNOWN = (
    "Nobody is known here under the name that was looked up. If you log in by another name, or it was misspelt, this "
    "page says nothing about you: ask for it again."
)
_ROW = "A row is one thing that you did, such as a key, a click, a window or a text."
_PROFILES = {
    Profile.RESTRICTED: "whole sessions, for few readers",
    Profile.EVENTS: "short pieces without a name",
    Profile.AGGREGATES: "tables of numbers alone",
}
_CONTENT = (
    "what you did, and a made-up time for it",
    "where on the screen, as a box with a made-up place in it",
    "the program, the title of its window, and its address",
    "what you typed or copied, and what the screen showed; names and other personal values that were found are made up",
)
_STANDINGS = {
    Standing.WITHDREW: "The list of people who agreed says that you withdrew. New releases hold no session of yours.",
    Standing.LISTED: "The list of people who agreed names you, and you did not take all of it back.",
    Standing.ABSENT: "The list of people who agreed does not name you. Recordings of you are not used.",
}


def render_subject_report(subject: Subject, policy: BucketAgreement | None) -> bytes:
    """Render the report; it names nobody, not even the person, so that it can be handed on by its file alone."""
    opening = (
        (
            "This page answers the question: what is kept about me? It was made from the sealed data itself on "
            f"{subject.day}."
        ),
        "It does not name you, so that no name gets about with it. Ask by which name you were looked up.",
        (
            "It shows numbers. To see your own words, ask for a preview of a session. A release is a set of files "
            "that others may read. Sealed means locked with a key."
        ),
    )
    columns = [f"{item.name}: {_describe(item.metadata)}" for item in EVENTS_SCHEMA]
    sections = (
        _write_releases(subject),
        *([Section("What your rows hold", listed=_CONTENT)] if subject.releases else []),
        *([Section("Your yes", (_STANDINGS[subject.standing],))] if subject.standing else []),
        write_readers(policy, subject.uri, _NO_AGREEMENT),
        *([write_holders(subject.holders)] if subject.releases and subject.holders != () else []),
        *([] if subject.erased else [_write_retention(subject, policy)]),
        _write_rest(subject),
        _write_models(subject),
        _write_trail(subject),
        _write_unseen(),
        _write_way_out(subject),
        *([Section("For experts: the columns of each row", (), columns, folded=True)] if subject.releases else []),
        *([_write_guarantees(subject)] if subject.releases else []),
    )
    return render_plain_page("What is kept about you", opening, sections)


def _describe(metadata: dict[bytes, bytes]) -> str:
    return metadata[b"description"].decode()


def _write_trail(subject: Subject) -> Section:
    title = "What happened to releases with rows of yours"
    if not subject.trail:
        return Section(title, ("The ledger holds no step about a release under a name of yours.",))
    return Section(title, columns=("when", "what", "release"), rows=subject.trail)


def _write_releases(subject: Subject) -> Section:
    alert = (_UNKNOWN,) if subject.erasure.not_found_in else ()
    if subject.unnamed:
        alert = (
            *alert,
            (
                f"Without a name: {count(subject.unnamed, 'release')} of short pieces or tables. Nobody can tell "
                "whether any of it is yours, and nobody can take it out."
            ),
        )
    if not subject.releases:
        named = "under a name of yours" if subject.unnamed else "of yours"
        gone = ("You were erased. The releases that you were in stand below.",) if subject.erased else ()
        return Section("Releases", (f"No release holds rows {named}.", *gone), alert=alert)
    rows = [
        (item.made, f"{item.sessions:,}", f"{item.rows:,}", _name_kind(item.manifest.profile), item.address)
        for item in subject.releases
    ]
    columns = ("made on", "your sessions", "your rows", "kind", "where it lies")
    return Section("Releases", (_ROW,), columns=columns, rows=rows, alert=alert)


def _name_kind(profile: str | None) -> str:
    return "" if profile is None else _PROFILES[Profile(profile)]


def _write_guarantees(subject: Subject) -> Section:
    listed = dict.fromkeys(guarantee(item) for release in subject.releases for item in release.manifest.noise)
    return Section("For experts: what was changed at random", listed=tuple(listed), folded=True)


def _write_retention(subject: Subject, policy: BucketAgreement | None) -> Section:
    """Write how long releases are kept; of a folder the releases themselves say it, the longest time counts."""
    stated = [item.manifest.basis.releases_days for item in subject.releases if item.manifest.basis]
    days = [each for each in stated if each is not None]
    everywhere = bool(days) and len(days) == len(subject.releases)
    return write_retention(policy, subject.uri, _NO_AGREEMENT, max(days) if everywhere else None)


def _write_rest(subject: Subject) -> Section:
    found = subject.erasure
    listed = (
        f"{count(found.staged, 'sealed file')} with sessions of yours, for a later release.",
        f"{count(found.quarantined, 'sealed record')} of yours, set aside for breaking a rule.",
    )
    alert = (f"Not everything could be looked at: {found.unfinished}.",) if found.unfinished else ()
    return Section("Not released", (), listed, alert=alert)


def _write_models(subject: Subject) -> Section:
    title = "Models"
    unknown = "A training that was never charged is not known here."
    if not subject.models:
        return Section(title, (f"No model that learned from you is known. {unknown}",))
    sentences = (
        f"These may have learned from you: nobody wrote down whose rows a training read. {unknown}",
        "An erasure does not change a model.",
    )
    return Section(title, sentences, subject.models)


def _write_unseen() -> Section:
    return Section(
        "What this report cannot see",
        listed=(
            "the content of records that were set aside: that takes a private key which is kept elsewhere",
            "tables of numbers about many people: nobody can tell whether you are in them",
            "copies that a reader made, and what was trained on them",
            "recordings before they are read: ask whoever runs the recorder",
            "the list of who takes part, and the sealed record of it that runs keep: it holds coded marks of you",
            (
                "coded marks of when your sessions had events, which runs by days keep for some weeks to notice "
                "copies; an erasure leaves them until then"
            ),
            "the coded mark that an erasure leaves, so that later runs keep you out",
            "who read a file: that stands in the access log of the store, if it has one",
        ),
    )


def _write_way_out(subject: Subject) -> Section:
    if subject.erased:
        return Section(
            "What happens from now on",
            (
                "Every later run leaves out whatever is recorded of you. Nobody can take that back.",
                "The recorder does not know of it: ask whoever runs it to remove it, and to delete your recordings.",
            ),
        )
    withdrew = subject.standing is Standing.WITHDREW
    contacts = dict.fromkeys(
        item.manifest.basis.contact for item in subject.releases if item.manifest.basis and item.manifest.basis.contact
    )
    where = [f"The contact is: {contact}." for contact in contacts] or ["Ask whoever gave you this page."]
    say = "Say that you withdraw. You need not say why. New releases then hold no session of yours."
    return Section(
        "How to be erased" if withdrew else "How to withdraw",
        (
            *where,
            "You withdrew already." if withdrew else say,
            (
                "That alone deletes nothing: ask to be erased as well. Your rows then leave the releases named above, "
                "and what waits or was set aside. Tables, models and copies elsewhere stay."
            ),
        ),
    )
