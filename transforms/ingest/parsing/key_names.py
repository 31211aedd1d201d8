"""Names that browsers and recorders gave keys before, or give them elsewhere, to those of W3C UI Events.

Internet Explorer 9-11, Edge 12-16 and Firefox up to 36 (``Spacebar``, ``Del``, ``Left``, ``Add``), X11 keysyms
(``Return``, ``Prior``, ``ISO_Left_Tab``), pynput (``Key.ctrl_l``), Java and Windows (``VK_BACK``),
macOS (``ForwardDelete``).
A name is compared without case, blanks and hyphens; a single character is the key itself and is left alone.
"""

import re
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

_PREFIX = re.compile(r"^(?:key\.|vk_|xk_|kp_|keypad_|num_?pad_?(?=[a-z]))", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s_\-]+")

_NAMES = {
    " ": "space spacebar spacekey",
    "Alt": "alt altl altr altleft altright leftalt rightalt lmenu rmenu option optionl optionr leftoption rightoption",
    "AltGraph": "altgr altgraph isolevel3shift modeswitch",
    "ArrowDown": "down arrowdown downarrow cursordown",
    "ArrowLeft": "left arrowleft leftarrow cursorleft",
    "ArrowRight": "right arrowright rightarrow cursorright",
    "ArrowUp": "up arrowup uparrow cursorup",
    "AudioVolumeDown": "volumedown audiolowervolume mediavolumedown",
    "AudioVolumeMute": "volumemute audiomute mediavolumemute mute",
    "AudioVolumeUp": "volumeup audioraisevolume mediavolumeup",
    "Backspace": "backspace back bksp bs",
    "CapsLock": "capslock caps capital",
    "ContextMenu": "contextmenu apps menu",
    "Control": "control ctrl controll controlr ctrll ctrlr controlleft controlright ctrlleft ctrlright leftctrl "
    "rightctrl leftcontrol rightcontrol lcontrol rcontrol lctrl rctrl",
    "Delete": "delete del forwarddelete deleteforward",
    "End": "end",
    "Enter": "enter return ret linefeed",
    "Escape": "escape esc",
    "Home": "home",
    "Insert": "insert ins",
    "MediaPlayPause": "mediaplaypause playpause",
    "MediaStop": "mediastop",
    "MediaTrackNext": "medianexttrack mediatracknext medianext nexttrack",
    "MediaTrackPrevious": "mediaprevioustrack mediatrackprevious mediaprevious previoustrack",
    "Meta": "meta os win windows super cmd command metal metar superl superr cmdl cmdr winl winr lwin rwin metaleft "
    "metaright osleft osright leftwindows rightwindows leftcmd rightcmd leftmeta rightmeta leftcommand rightcommand",
    "NumLock": "numlock numlk",
    "PageDown": "pagedown pgdn pgdown next",
    "PageUp": "pageup pgup prior",
    "Pause": "pause break",
    "PrintScreen": "printscreen prtsc prtscn print snapshot",
    "ScrollLock": "scrolllock scroll",
    "Shift": "shift shiftl shiftr shiftleft shiftright leftshift rightshift lshift rshift",
    "Tab": "tab isolefttab backtab",
    "*": "multiply asterisk",
    "+": "add plus",
    ",": "comma separator",
    "-": "subtract minus hyphen",
    ".": "decimal period",
    "/": "divide slash",
    "Unidentified": "unidentified mozprintablekey",
    **{f"F{place}": f"f{place}" for place in range(1, 25)},
    **dict(
        zip(
            "!\"#$%&'():;<=>?@[\\]^`{|}~",
            "exclam quotedbl numbersign dollar percent ampersand apostrophe parenleft parenright colon semicolon less "
            "equal greater question at bracketleft backslash bracketright asciicircum grave braceleft bar braceright "
            "asciitilde".split(),
            strict=True,
        )
    ),
    "_": "underscore",
}  # fmt: skip
_BY_NAME = {name: key for key, names in _NAMES.items() for name in names.split()}
_MODIFIERS = frozenset({"Alt", "AltGraph", "CapsLock", "Control", "Meta", "NumLock", "Shift"})


@cache
def name_key(key: str) -> str:
    """Return the W3C name of a key; one that is not known here stays as it is.

    >>> [name_key(key) for key in ("Spacebar", "Del", "Page_Up", "Key.ctrl_l", "x", "Dead")]
    [' ', 'Delete', 'PageUp', 'Control', 'x', 'Dead']
    """
    if len(key) < len("up"):
        return key
    return _BY_NAME.get(_BETWEEN.sub("", _PREFIX.sub("", key)).lower(), key)


def name_modifier(word: str) -> str:
    """Return the W3C name of a modifier; a word that names none stays as it is.

    >>> [name_modifier(word) for word in ("ctrl", "Command", "Hyper", "Enter")]
    ['Control', 'Meta', 'Hyper', 'Enter']
    """
    found = name_key(word)
    return found if found in _MODIFIERS else word


def name_keys(table: pa.Table) -> pa.Table:
    """Write the keys and modifiers of a table by their W3C names."""
    keys = table["key"]
    written = pc.unique(keys).drop_null()
    known = pa.array([name_key(key) for key in written.to_pylist()], pa.string())
    if not known.equals(written):
        renamed = pa.chunked_array([known.take(pc.index_in(keys, value_set=written).combine_chunks())])
        table = table.set_column(table.schema.get_field_index("key"), table.schema.field("key"), renamed)
    return _name_modifiers(table)


def _name_modifiers(table: pa.Table) -> pa.Table:
    column = table["modifiers"].combine_chunks()
    words = column.flatten()
    written = pc.unique(words)
    known = pa.array([name_modifier(word) for word in written.to_pylist()], pa.string())
    if known.equals(written):
        return table
    lists = [None if row is None else list(dict.fromkeys(map(name_modifier, row))) for row in column.to_pylist()]
    place = table.schema.get_field_index("modifiers")
    return table.set_column(place, table.schema.field(place), pa.array(lists, pa.list_(pa.string())))
