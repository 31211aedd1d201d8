"""Print the shares of each family: ``python -m benchmarks.message_screens``."""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product

from benchmarks import message_screens
from benchmarks.message_screens.broken_lines import FAMILY_F
from benchmarks.message_screens.desks.chats import CHATS
from benchmarks.message_screens.desks.customers import CUSTOMERS
from benchmarks.message_screens.desks.documents import DOCUMENTS
from benchmarks.message_screens.desks.mail import MAIL
from benchmarks.message_screens.desks.meetings import MEETINGS
from benchmarks.message_screens.desks.messengers import MESSENGERS
from benchmarks.message_screens.desks.outlook import OUTLOOK
from benchmarks.message_screens.desks.talks import NAMES as DESK_NAMES
from benchmarks.message_screens.desks.talks import draw_desk_talk
from benchmarks.message_screens.nested_layouts import FAMILY_B
from benchmarks.message_screens.office_documents import OFFICE_DOCUMENTS
from benchmarks.message_screens.office_messages import OFFICE_MESSAGES
from benchmarks.message_screens.office_remarks import OFFICE_REMARKS
from benchmarks.message_screens.office_talks import NAMES as OFFICE_NAMES
from benchmarks.message_screens.office_talks import draw_talk
from benchmarks.message_screens.part_layouts import FAMILY_D
from benchmarks.message_screens.plain_layouts import FAMILY_A
from benchmarks.message_screens.screens import Made
from benchmarks.message_screens.senders.chats import SENDER_CHATS
from benchmarks.message_screens.senders.mail import SENDER_MAIL
from benchmarks.message_screens.senders.talks import NAMES as SENDER_NAMES
from benchmarks.message_screens.senders.talks import draw_sender_talk
from benchmarks.message_screens.senders.work import SENDER_WORK
from benchmarks.message_screens.survival import Figures, hide_name, measure, show_text, spread_of
from benchmarks.message_screens.thread_layouts import FAMILY_C
from benchmarks.message_screens.unknown_windows import FAMILY_E
from transforms.redact.bystanders.recorder_names import NO_OWNERS, ClearOwners, ListedNames
from transforms.redact.settings import UnknownWindows

_FAMILIES = {"A": FAMILY_A, "B": FAMILY_B, "C": FAMILY_C, "D": FAMILY_D, "E": FAMILY_E, "F": FAMILY_F}
_OFFICE = (*OFFICE_MESSAGES, *OFFICE_DOCUMENTS, *OFFICE_REMARKS)
_SENDERS = (*SENDER_MAIL, *SENDER_CHATS, *SENDER_WORK)
_DESKS = (*OUTLOOK, *MAIL, *CHATS, *MESSENGERS, *MEETINGS, *DOCUMENTS, *CUSTOMERS)
_CASTS = {
    "office": (_OFFICE, draw_talk, OFFICE_NAMES),
    "senders": (_SENDERS, draw_sender_talk, SENDER_NAMES),
    "desks": (_DESKS, draw_desk_talk, DESK_NAMES),
}
_CHANGES: dict[str, Callable[[Made], Made] | None] = {"": None, "-unnamed": hide_name, "-text": show_text}
_CHANGED = [f"{family}{change}" for family in _CASTS for change in _CHANGES]
_LINES = (
    ("incoming lines that survive", "survived", "incoming", 0.02),
    ("the same, a piece of 12 letters", "in part", "incoming", 0.02),
    ("own lines that are lost", "own lost", "own", 0.05),
    ("own lines of earlier that are lost", "earlier lost", "earlier", 0.05),
    ("names of controls lost", "controls lost", "controls", 0.05),
    ("texts of other screens lost", "others texts lost", "others texts", 0.05),
    ("other screens that lose anything", "others hit", "others", 0.05),
    ("texts of known windows lost", "known texts lost", "known texts", 0.05),
    ("known windows that lose anything", "known hit", "known", 0.05),
)


def main() -> None:
    """Print the shares of each family."""
    parser = argparse.ArgumentParser(
        description=message_screens.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--screens", type=int, default=40)
    parser.add_argument("--family", choices=[*_FAMILIES, *_CHANGED])
    parser.add_argument("--unknown", choices=list(UnknownWindows), default=UnknownWindows.WITHHOLD)
    parser.add_argument("--directory", action="store_true", help="a directory names the recorder")
    parser.add_argument("--address", action="store_true", help="the recorder's id is an address of mail")
    parser.add_argument("--typed-before", action="store_true", help="earlier lines were typed in another session")
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    unknown = UnknownWindows(asked.unknown)
    for family, makers in _FAMILIES.items():
        if asked.family in {None, family}:
            _print(family, measure(makers, asked.screens, 1, unknown), show=asked.show)
    for (family, (makers, draw, names)), (ending, change) in product(_CASTS.items(), _CHANGES.items()):
        if asked.family in {None, f"{family}{ending}"}:
            listed = (
                list_names(names) if asked.directory else ListedNames(NO_OWNERS, names[-1] if asked.address else "")
            )
            before = asked.typed_before
            found = measure(
                makers, asked.screens, 1, unknown, converse=draw, change=change, listed=listed, typed_before=before
            )
            _print(f"{family}{ending}", found, show=asked.show)


def list_names(names: Sequence[str]) -> ListedNames:
    """Name the recorder as a directory does."""
    return ListedNames(ClearOwners({name.casefold(): frozenset({"u"}) for name in names}), "u")


def _print(family: str, found: Figures, *, show: bool) -> None:
    for what, part, whole, bar in _LINES:
        counts = found.counts
        if not counts[whole]:
            continue
        low, high = spread_of(found, part, whole)
        print(
            f"{family}  {what:<34} {counts[part]:4} of {counts[whole]:5}  {found.share(part, whole):.3f}"
            f" ({low:.3f} to {high:.3f})  bar {bar}"
        )
    if show:
        _print_layouts(found)
        for wrong, count in Counter(found.wrong).most_common(40):
            print(f"   {count:3} {wrong}")


def _print_layouts(found: Figures) -> None:
    for name, counts in found.layouts.items():
        shares = (f"{part} {counts[part]} of {counts[whole]}" for _, part, whole, _ in _LINES if counts[part])
        print(f"   {name}: {', '.join(shares) or 'nothing'}")


if __name__ == "__main__":
    main()
