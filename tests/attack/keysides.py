"""Attacks by key rows: key-ups, codes, modifiers, chords, password and masked fields, what was deleted again."""

from random import Random

from tests.attack.recordings import ALPHABETS, Recording, Variant, letters_of_codes, personal, token, word_of

NAMED = (
    "Enter Tab Backspace Delete ArrowLeft ArrowRight Home End F5 F12 Dead Compose Process Unidentified Shift Control "
    "CapsLock AudioVolumeMute MediaPlayPause ContextMenu Escape Blorp Convert Hiragana NumLock Insert PageUp"
).split()
HANGING = (["Control"], ["Meta"], ["Alt"], ["Control", "Alt"], ["Control", "Shift"], ["Super"], ["Hyper"], ["AltGraph"])
CUTS = ("Shift", "CapsLock", "AltGraph", "Fn", "NumLock", "ScrollLock", "Control")
ROLES = ("textbox", "searchbox", "combobox", "spinbutton", "document", "made-up role")
SECRET_ROLES = ("password", "Password", " password", "PASSWORD", "password ")


def _place(session: Recording) -> str | None:
    """Open some field, or none, and return its id."""
    draw = session.draw
    if draw.randrange(4) == 0:
        return None
    name = draw.choice(("f", "q", "field-7"))
    session.field(name, draw.choice(ROLES), draw.choice(("Note", "To", "Search")), multiline=draw.random() < 0.5)
    return name


def _words(session: Recording, place: str | None) -> None:
    if session.draw.random() < 0.5:
        session.type(session.draw.choice(("ok ", "see you ", "thanks, ", "to ")), place)


def ups_without_downs(session: Recording) -> Variant:
    """Type a value by key-ups alone, perhaps on the screen of the same session, with or without codes."""
    draw, (value, secret) = session.draw, personal(session.draw)
    if draw.random() < 0.3:
        session.screen(f"mail to {value} soon")
    place = _place(session)
    _words(session, place)
    modifiers = draw.choice(([], [], ["Shift"], ["Control"]))
    for letter in value:
        session.key("up", letter, place, draw.choice((None, None, "")), modifiers=modifiers)
        if draw.random() < 0.1:
            session.event("pointer", action="move", x=draw.random() * 900, y=5.0)
    _words(session, place)
    return Variant(session.rows, (secret,))


def ups_that_differ(session: Recording) -> Variant:
    """Press other keys than are released: at once, after the word, or all at the end."""
    draw, (value, secret) = session.draw, personal(session.draw)
    place = draw.choice(("p", None, "f"))
    if place == "p":
        session.field("p", "password", "pw", multiline=False)
    filler = draw.choice(("x", "e", "7", "Process", "Unidentified", "Dead", "Enter"))
    order, waiting = draw.choice((0, 4, 99)), ""
    for letter in value:
        session.key("down", filler, place, draw.choice((None, "")))
        waiting += letter
        if len(waiting) > order:
            session.key("up", waiting[0], place)
            waiting = waiting[1:]
    for letter in waiting:
        session.key("up", letter, place)
    return Variant(session.rows, (secret,))


def codes_of_other_keys(session: Recording) -> Variant:
    """Let the codes spell a value while the keys are named ones or other letters."""
    draw, secret = session.draw, token(session.draw)
    if draw.random() < 0.3:
        session.screen(f"mail {secret}@gmail.com")
    place = _place(session)
    if draw.random() < 0.3:
        place = "p"
        session.field("p", draw.choice(SECRET_ROLES), "pw", multiline=False)
    names = draw.choice(([draw.choice(NAMED)], NAMED, ["a"], list("xyz"), ["é", "ж", "漢"]))
    actions = draw.choice((("down", "up"), ("up",), ("down",)))
    for at, letter in enumerate(secret):
        for action in actions:
            code = f"Key{letter.upper()}"
            session.key(action, names[at % len(names)], place, code, modifiers=draw.choice(([], ["Control"])))
    return Variant(session.rows, (secret,))


def hanging_modifiers(session: Recording) -> Variant:
    """Type a value under a modifier that the recorder never let go, cut by presses of others."""
    draw, (value, secret) = session.draw, personal(session.draw)
    if draw.random() < 0.3:
        session.screen(f"mail {value}")
    place, held = _place(session), draw.choice(HANGING)
    cut, every = draw.choice(CUTS), draw.choice((1, 2, 3, 4, 5, 6, 9, 12))
    for at in range(0, len(value), every):
        session.type(value[at : at + every], place, modifiers=held)
        session.press(cut, place, f"{cut}Left" if cut in {"Shift", "Control"} else cut, modifiers=held)
    return Variant(session.rows, (secret,))


def chords(session: Recording) -> Variant:
    """Roll over the keys of a value, with the ups in another order, modifiers changing from key to key."""
    draw, (value, secret) = session.draw, personal(session.draw)
    place, down = _place(session), ""
    for letter in value:
        session.key("down", letter, place, modifiers=draw.choice(([], [], [], ["Shift"])))
        down += letter
        while len(down) > draw.randint(1, 4):
            session.key("up", down[0], place)
            down = down[1:]
    for letter in draw.sample(down, len(down)):
        session.key("up", letter, place)
    spare = token(draw)
    session.key("down", "F1", place, modifiers=[spare, spare.upper(), "Shift"])
    session.key("down", spare, place, spare)
    return Variant(session.rows, (secret, spare))


def split_fields(session: Recording) -> Variant:
    """Type the letters of a value in turn into several fields or windows."""
    draw, (value, secret) = session.draw, personal(session.draw)
    places = ["a", "b", "c"][: draw.randint(2, 3)]
    if draw.random() < 0.5:
        for name in places:
            session.field(name, "textbox", name, multiline=False)
        for at, letter in enumerate(value):
            session.press(letter, places[at % len(places)])
    else:
        half = len(value) // 2
        session.type(value[:half], None)
        session.focus("other", "x")
        session.focus()
        session.type(value[half:], None)
    return Variant(session.rows, (secret,))


def _secretly(session: Recording, secret: str, place: str | None) -> None:
    """Type a secret with detours."""
    draw = session.draw
    actions = draw.choice((("down", "up"), ("down", "up"), ("down",), ("up",)))
    modifiers = draw.choice(([], [], ["Shift"], ["Control"], ["AltGraph"]))
    for letter in secret:
        for action in actions:
            session.key(action, letter, place, modifiers=modifiers, **({"repeat": True} if draw.random() < 0.1 else {}))
        if draw.random() < 0.1:
            session.press(draw.choice(("ArrowLeft", "ArrowRight", "Shift")), place)


def _secret_word(draw: Random) -> tuple[str, tuple[str, ...]]:
    """Return a secret of any script, and what may not be found: the secret, and what its keys spell on the board."""
    secret = word_of(draw, draw.choice(sorted(ALPHABETS)), draw.randint(9, 20))
    codes = letters_of_codes(secret)
    return secret, (secret, codes) if len(codes) >= len(secret) * 0.9 and codes != secret else (secret,)


def password_fields(session: Recording) -> Variant:
    """Type a password in any script, with the field told of before or afterwards; show it elsewhere later."""
    draw = session.draw
    secret, secrets = _secret_word(draw)
    role, late = draw.choice(SECRET_ROLES), draw.random() < 0.3
    if not late:
        session.field("p", role, "Password", multiline=False)
    _secretly(session, secret, draw.choice(("p", "p", None)) if not late else "p")
    if late:
        session.field("p", role, "Password", multiline=False)
    if draw.random() < 0.3:
        session.event("clipboard", action="paste", text=secret, field_id="p")
    return Variant(session.rows, secrets)


def masked_fields(session: Recording) -> Variant:
    """Let the recorder mark a field as masked: with stars, with nothing, with the value; before, amid, afterwards."""
    draw = session.draw
    secret, secrets = _secret_word(draw)
    value, when = draw.choice(("", "*****", "•" * len(secret), secret, " ")), draw.randrange(3)
    if draw.random() < 0.4:
        session.field("q", "textbox", "Pin", multiline=False)
    cut = (0, draw.randrange(len(secret)), len(secret))[when]
    _secretly(session, secret[:cut], "q")
    session.event("input_value", field_id="q", value=value, source_masked=True)
    _secretly(session, secret[cut:], "q")
    return Variant(session.rows, secrets)


def deleted_again(session: Recording) -> Variant:
    """Type a value and take it back: by letters, words, a selection, undo, or by typing over it."""
    draw, (value, secret) = session.draw, personal(session.draw)
    session.field(role=draw.choice(ROLES))
    _words(session, "f")
    session.type(value, "f")
    match draw.randrange(6):
        case 0:
            session.type(["Backspace"] * len(value), "f")
        case 1:
            session.press("a", "f", modifiers=["Control"])
            session.press("Delete", "f")
        case 2:
            for _ in range(3):
                session.press("Backspace", "f", modifiers=["Control"])
        case 3:
            session.press("z", "f", modifiers=["Control"])
            session.press("y", "f", modifiers=["Control"])
        case 4:
            session.type(["ArrowLeft"] * len(value), "f", modifiers=["Shift"])
            session.press("q", "f")
        case _:
            session.press("Home", "f", modifiers=["Shift"])
            session.press("Delete", "f")
    session.type("fine", "f")
    return Variant(session.rows, (secret,))


def private_stretches(session: Recording) -> Variant:
    """Do everything with a value inside a password manager or a private window, and leave keys hanging over its end."""
    draw, secret = session.draw, token(session.draw)
    private = draw.choice(({"app": "1Password"}, {"app": "KeePassXC"}, {"app": "browser", "private": True}))
    session.focus(**private, title=secret)
    session.screen(f"vault {secret}")
    session.field("z", "textbox", secret, multiline=False)
    session.type(secret, draw.choice(("z", None)))
    session.event("clipboard", action="copy", text=secret)
    for letter in secret:
        session.key("down", letter, None)
    session.focus()
    for letter in secret:
        session.key("up", letter, None)
    return Variant(session.rows, (secret,))
