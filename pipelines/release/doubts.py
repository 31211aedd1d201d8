"""Doubts about a consent registry: people who are missing from it, and ids and purposes that may be misspelt."""

from rich.console import Console

from pipelines.observe.event_log import warn
from pipelines.observe.text_table import count_people
from pipelines.state.tallies import select_publishable
from schemas.privacy import Profile
from transforms.consent.registry import ConsentSnapshot

_MOST_LINES = 10


def note_unknown(consent: ConsentSnapshot, console: Console, profile: Profile) -> None:
    """Say how many people a registry lost, or names by an id or a purpose that nobody asks for; warn in the event log.

    The log holds no number where tables alone are released.
    """
    if consent.unknown:
        _warn(
            console,
            f"{consent.unknown:,} of those with pauses or wishes {_is_are(consent.unknown)} nobody of the consent "
            "registry, so that nothing of theirs is left out; spell user_id as the registry does, unless they never "
            "agreed",
        )
        warn("pauses of nobody", select_publishable({"people": consent.unknown}, profile))
    if consent.elsewhere:
        has = "has" if consent.elsewhere == 1 else "have"
        _warn(
            console,
            f"{count_people(consent.elsewhere)} of the consent registry {has} rows for other purposes alone "
            f"({render_lines(consent)}), and nothing of theirs is used; if that is not meant, spell purpose there as "
            "the run does",
        )
        for line in consent.elsewhere_lines[:_MOST_LINES]:
            warn("registry row unused", select_publishable({"line": line, "people": consent.elsewhere}, profile))
    if consent.missing:
        _warn(
            console, f"{describe_missing(consent.missing)}; restore it if it was cut short (who withdraws stays in it)"
        )
        warn("registry lost people", select_publishable({"people": consent.missing}, profile))


def describe_doubts(missing: int, unknown: int, elsewhere: int) -> list[str]:
    """Describe, for one line, how many people a registry lost, or names by an id or a purpose that nobody asks for."""
    doubts = (
        (missing, "missing from the registry"),
        (unknown, "with pauses or wishes nobody of the registry"),
        (elsewhere, "with rows for other purposes alone"),
    )
    return [f"{count_people(people)} {what}" for people, what in doubts if people]


def describe_missing(people: int) -> str:
    """Say how many people a registry lost since the last run."""
    was = "was" if people == 1 else "were"
    return f"{count_people(people)} who {was} in the last registry {_is_are(people)} missing from this one"


def render_lines(consent: ConsentSnapshot) -> str:
    """Render the lines of the registry with rows for other purposes alone: ``line 3``, ``lines 3, 5``."""
    lines = consent.elsewhere_lines
    shown = ", ".join(map(str, lines[:_MOST_LINES])) + (", ..." if len(lines) > _MOST_LINES else "")
    return f"line{'' if len(lines) == 1 else 's'} {shown}"


def _is_are(people: int) -> str:
    return "is" if people == 1 else "are"


def _warn(console: Console, sentence: str) -> None:
    console.print(f"warning: {sentence}", soft_wrap=True)
