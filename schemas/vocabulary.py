"""Closed vocabularies of released structure columns; any other word could contain content and is replaced."""

RELEASED_KINDS = frozenset({"focus", "task", "field", "key", "pointer", "screen", "clipboard", "text_input"})
"""Kinds of released rows: headers and logged values have no row of their own."""

ACTIONS = frozenset(
    {"down", "up", "move", "click", "double_click", "triple_click", "drag", "scroll", "copy", "cut", "paste"}
)
"""Actions of key, pointer and clipboard rows."""

MODIFIERS = frozenset({"Alt", "AltGraph", "CapsLock", "Control", "Fn", "Hyper", "Meta", "NumLock", "Shift", "Super"})
"""W3C UI Events modifier keys; anything else in ``modifiers`` is dropped."""

PLACES = frozenset({"element", "node", "cell", "none"})
"""Kinds of boxes that a position is drawn in."""

BUTTONS = frozenset({"left", "middle", "right", "back", "forward"})
"""Pointer buttons; anything else is ``other``."""

ROLES = frozenset(
    """alert alertdialog application article banner blockquote button cell checkbox columnheader combobox complementary
    contentinfo definition dialog directory document feed figure form generic grid gridcell group heading img link list
    listbox listitem log main marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation none
    note option paragraph password progressbar radio radiogroup region row rowgroup rowheader scrollbar search searchbox
    separator slider spinbutton status switch tab table tablist tabpanel term terminal textbox timer toolbar tooltip
    tree treegrid treeitem""".split()
)
"""ARIA 1.2 roles, with ``password`` and ``terminal``; any other word is read as ``textbox``."""

STATES = frozenset({"checked", "disabled", "expanded", "focused", "selected"})
"""States of a node; anything else is dropped."""

DEFAULT_ROLE = "textbox"
PASSWORD = "password"  # noqa: S105 - a role

PAGES = frozenset({"application", "document"})
PANES = PAGES | {"main", "region", "navigation", "complementary", "form", "tabpanel"}
"""Roles of parts of a window that stand beside one another and have their size from the window."""
STRIPS = frozenset({"banner", "toolbar", "menubar", "tablist", "status"})
"""Roles of parts as wide as the window, at its top or bottom."""


def role_of(word: str | None) -> str:
    """Read the role of a field; any word about passwords is ``password``, other unknown words are text boxes.

    >>> [role_of(word) for word in ("searchbox", " Password", "passwordbox", "entry", None)]
    ['searchbox', 'password', 'password', 'textbox', 'textbox']
    """
    known = (word or "").strip().casefold()
    if PASSWORD in known:
        return PASSWORD
    return known if known in ROLES else DEFAULT_ROLE


_BLOCK = {
    **{f"Numpad{digit}": f"Digit{digit}" for digit in range(10)},
    "NumpadAdd": "Equal",
    "NumpadDecimal": "Period",
    "NumpadDivide": "Slash",
    "NumpadEnter": "Enter",
    "NumpadEqual": "Equal",
    "NumpadMultiply": "Digit8",
    "NumpadSubtract": "Minus",
    "NumpadComma": "Comma",
    **{f"{name}Right": f"{name}Left" for name in ("Shift", "Control", "Alt", "Meta")},
    "OSLeft": "MetaLeft",
    "OSRight": "MetaLeft",
}

_MAIN = [
    *(f"Key{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    *(f"Digit{digit}" for digit in range(10)),
    *(f"F{number}" for number in range(1, 25)),
    *"""Backquote Backslash BracketLeft BracketRight Comma Equal IntlBackslash IntlRo IntlYen Minus Period Quote
    Semicolon Slash Backspace CapsLock ContextMenu Enter Space Tab Convert KanaMode Lang1 Lang2 NonConvert Delete End
    Help Home Insert PageDown PageUp ArrowDown ArrowLeft ArrowRight ArrowUp NumLock Escape Fn PrintScreen ScrollLock
    Pause BrowserBack BrowserForward BrowserHome BrowserRefresh BrowserSearch BrowserStop MediaPlayPause MediaStop
    MediaTrackNext MediaTrackPrevious AudioVolumeDown AudioVolumeMute AudioVolumeUp ShiftLeft ControlLeft AltLeft
    MetaLeft""".split(),
]

CODES = {**{code: code for code in _MAIN}, **_BLOCK}
"""W3C ``code`` to the one that is released: left modifier, main block. Which of two keys a person uses is a habit."""
