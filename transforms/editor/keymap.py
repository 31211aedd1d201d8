"""Meaning of W3C key values, modifiers, operating systems and keyboard layouts to an editor.

Key values: W3C UI Events KeyboardEvent key Values, section 3 (named key attribute values).
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

SHIFT: Final = 1
CONTROL: Final = 2
ALT: Final = 4
META: Final = 8
ALTGRAPH: Final = 16

HELD: Final = {"Shift": SHIFT, "Control": CONTROL, "Alt": ALT, "Meta": META, "Super": META, "AltGraph": ALTGRAPH}
"""Modifier name to its bit; modifiers that change no editing command (CapsLock, NumLock, Fn) have none."""

MODIFIER_KEYS = frozenset({*HELD, "CapsLock", "Fn", "FnLock", "Hyper", "NumLock", "ScrollLock", "Symbol", "SymbolLock"})

_OTHER_NAMES = """
Unidentified Dead Enter Tab ArrowDown ArrowLeft ArrowRight ArrowUp End Home PageDown PageUp Backspace Clear Copy
CrSel Cut Delete EraseEof ExSel Insert Paste Redo Undo Accept Again Attn Cancel ContextMenu Escape Execute Find Help
Pause Play Props Select ZoomIn ZoomOut BrightnessDown BrightnessUp Eject LogOff Power PowerOff PrintScreen Hibernate
Standby WakeUp AllCandidates Alphanumeric CodeInput Compose Convert FinalMode GroupFirst GroupLast GroupNext
GroupPrevious ModeChange NextCandidate NonConvert PreviousCandidate Process SingleCandidate HangulMode HanjaMode
JunjaMode Eisu Hankaku Hiragana HiraganaKatakana KanaMode KanjiMode Katakana Romaji Zenkaku ZenkakuHankaku
ChannelDown ChannelUp Close MailForward MailReply MailSend MediaClose MediaFastForward MediaPause MediaPlay
MediaPlayPause MediaRecord MediaRewind MediaStop MediaTrackNext MediaTrackPrevious New Open Print Save SpellCheck
Key11 Key12 AudioBalanceLeft AudioBalanceRight AudioBassBoostDown AudioBassBoostToggle AudioBassBoostUp
AudioFaderFront AudioFaderRear AudioSurroundModeNext AudioTrebleDown AudioTrebleUp AudioVolumeDown AudioVolumeUp
AudioVolumeMute MicrophoneToggle MicrophoneVolumeDown MicrophoneVolumeUp MicrophoneVolumeMute
SpeechCorrectionList SpeechInputToggle LaunchApplication1 LaunchApplication2 LaunchCalendar LaunchContacts
LaunchMail LaunchMediaPlayer LaunchMusicPlayer LaunchPhone LaunchScreenSaver LaunchSpreadsheet LaunchWebBrowser
LaunchWebCam LaunchWordProcessor BrowserBack BrowserFavorites BrowserForward BrowserHome BrowserRefresh
BrowserSearch BrowserStop AppSwitch Call Camera CameraFocus EndCall GoBack GoHome HeadsetHook LastNumberRedial
Notification MannerMode VoiceDial TV Guide Info Menu Exit Settings Link Subtitle Teletext VideoModeNext
ZoomToggle
"""
NAMED_KEYS = MODIFIER_KEYS.union(_OTHER_NAMES.split())

_NUMBERED = re.compile(r"(?:F|Soft)[0-9]{1,2}")

_CONTROLS = """
button checkbox columnheader img link listitem menu menubar menuitem menuitemcheckbox menuitemradio option progressbar
radio rowheader scrollbar separator slider switch tab tablist toolbar tooltip treeitem
"""
TEXT_FREE_ROLES = frozenset(_CONTROLS.split())
"""ARIA roles of pointer targets in which a press moves no text caret."""

_NO_ALTGR = re.compile(r"(?:.*\.)?(?:us|u\.s\.|abc|en|en[-_]us|0*409)(?:[-_]?qwerty)?", re.IGNORECASE)


class Platform(StrEnum):
    """Family of editing commands; ``UNKNOWN`` takes those of both where they do not clash, and Control as on a PC."""

    APPLE = "apple"
    PC = "pc"
    UNKNOWN = "unknown"


def platform_of(os: str | None) -> Platform:
    """Map a session header's ``os`` to its platform."""
    name = (os or "").strip().casefold()
    if not name:
        return Platform.UNKNOWN
    return Platform.APPLE if name.startswith(("mac", "darwin", "os x", "osx", "ios", "ipad")) else Platform.PC


def has_altgr(layout: str | None) -> bool:
    """Check whether Control+Alt may type a character; true where the log names no layout."""
    return layout is None or _NO_ALTGR.fullmatch(layout.strip()) is None


def is_named_key(key: str) -> bool:
    """Check whether ``key`` is a named key value of the standard, so that it cannot be text."""
    return key in NAMED_KEYS or _NUMBERED.fullmatch(key) is not None


def is_printable(key: str) -> bool:
    """Check whether ``key`` is text: one code point, or several that form a character, which are never all ASCII."""
    return key >= " " and key != "\x7f" if len(key) == 1 else not key.isascii()


def held_of(modifiers: Iterable[str]) -> int:
    """Join the bits of ``modifiers``; those that change no editing command have none."""
    held = 0
    for name in modifiers:
        held |= HELD.get(name, 0)
    return held
