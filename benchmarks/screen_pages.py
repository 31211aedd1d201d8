"""Pages of twelve layouts with made-up people, of which a benchmark renders screenshots.

Family A was looked at while rules were written. Of family B no screen was: it was written before, and only its figures
are read.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from faker import Faker

LOCALES = ("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "pl_PL", "nl_NL", "pt_BR", "sv_SE")
_WORDS = (
    "plan order lamp weekly draft report green table review notes copper ladder invoice meeting river budget".split()
)
_FONTS = ("Liberation Sans", "Liberation Serif", "DejaVu Sans", "DejaVu Serif", "Liberation Sans Narrow")
_MONO = ("Liberation Mono", "DejaVu Sans Mono")
_THEMES = {
    "light": ("#ffffff", "#1d1d1f", "#0b57d0"), "dark": ("#1b1b1f", "#e4e4e8", "#8ab4f8"),
    "paper": ("#fbf7ec", "#3b3328", "#8a4b08"), "grey": ("#f5f6f8", "#6b7280", "#2563eb"),
    "blue": ("#0b2239", "#cfe3f7", "#ffd166"),
}  # fmt: skip
_SIZES = (12, 13, 14, 15, 16)


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what it was drawn with."""

    layout: str
    look: str
    html: str


class Cast:
    """Made-up people and things of one page; ``mark`` wraps a value so that its box can be asked for."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._faker = Faker(chance.choice(LOCALES))
        self._faker.seed_instance(chance.random())

    def mark(self, kind: str, value: str) -> str:
        """Wrap a value of a kind, so that its box can be asked for."""
        return f'<span data-kind="{kind}">{escape(value)}</span>'

    def name(self) -> str:
        """Make up a name."""
        return f"{self._faker.first_name()} {self._faker.last_name()}"

    def person(self, name: str | None = None) -> str:
        """Show a name."""
        return self.mark("person", name or self.name())

    def mail(self, name: str | None = None) -> str:
        """Show a mail address."""
        words = "".join(filter(lambda sign: sign.isascii() and (sign.isalpha() or sign == " "), name or self.name()))
        return self.mark("email", f"{'.'.join(words.lower().split())}@{self._faker.domain_name()}")

    def phone(self) -> str:
        """Show a phone number."""
        return self.mark("phone", self._faker.phone_number())

    def street(self) -> str:
        """Show a street and number."""
        return self.mark("address", self._faker.street_address().replace("\n", " "))

    def iban(self) -> str:
        """Show a bank account."""
        plain = self._faker.iban()
        return self.mark("account", " ".join(plain[at : at + 4] for at in range(0, len(plain), 4)))

    def card(self) -> str:
        """Show the number of a card."""
        return self.mark("account", self._faker.credit_card_number("visa"))

    def birth(self) -> str:
        """Show a date of birth."""
        return self.mark(
            "birth",
            self._faker.date_of_birth(minimum_age=20).strftime(
                self.chance.choice(("%d.%m.%Y", "%Y-%m-%d", "%m/%d/%Y"))
            ),
        )

    def token(self) -> str:
        """Show a key."""
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        kind, length = self.chance.choice((("ghp_", 36), ("sk_live_", 24), ("xoxb-", 24)))
        return self.mark("secret", kind + "".join(self.chance.choices(letters, k=length)))

    def company(self) -> str:
        """Return a company."""
        return escape(self._faker.company())

    def words(self, most: int) -> str:
        """Return some words."""
        return " ".join(self.chance.choices(_WORDS, k=self.chance.randrange(2, most + 1)))

    def hour(self) -> str:
        """Return a time of day."""
        return f"{self.chance.randrange(7, 20)}:{self.chance.randrange(10, 60)}"


def _list(made: Callable[[], str], number: int) -> str:
    return "".join(made() for _ in range(number))


def _box(style: str, *inner: str) -> str:
    return f"<div style='{style}'>{''.join(inner)}</div>"


def _row(*cells: str, style: str = "") -> str:
    return "<tr>" + "".join(f"<td style='{style}'>{cell}</td>" for cell in cells) + "</tr>"


def contacts(cast: Cast) -> str:
    """Draw a table of people."""

    def row() -> str:
        name = cast.name()
        return _row(cast.person(name), cast.mail(name), cast.phone(), cast.words(3))

    head = "".join(f"<th align=left>{title}</th>" for title in ("Name", "E-mail", "Phone", "Notes"))
    return f"<h2>Contacts</h2><table cellpadding=6 width=1000><tr>{head}</tr>{_list(row, 9)}</table>"


def mails(cast: Cast) -> str:
    """Draw a list of mails beside folders."""

    def row() -> str:
        return _box(
            "display:flex;gap:16px;padding:7px;border-bottom:1px solid #8884",
            f"<b style='width:190px'>{cast.person()}</b>",
            f"<span style='flex:1'>{cast.words(5)}, ask {cast.person()} first</span><i>{cast.hour()}</i>",
        )

    folders = _box("width:150px", "Inbox 12<br>Drafts<br>Sent<br>Archive")
    return _box("display:flex", folders, _box("flex:1", _list(row, 10)))


def chat(cast: Cast) -> str:
    """Draw a chat whose hours stand close behind the names."""
    picture = "width:36px;height:36px;border-radius:8px;background:#5a7;color:#fff;text-align:center;line-height:36px"

    def post() -> str:
        name = cast.name()
        head = f"<b>{cast.person(name)}</b><small style='margin-left:8px'>{cast.hour()} AM</small>"
        letters = _box(picture, *(word[0] for word in name.split()))
        return _box("display:flex;gap:10px;margin:12px 0", letters, _box("", head, _box("", cast.words(8))))

    room = cast.chance.choice(_WORDS)
    return f"<h3># {room}</h3>{_list(post, 6)}{_box('', f'thanks {cast.person()}, call {cast.phone()}')}"


def card(cast: Cast) -> str:
    """Draw the card of a customer, labels beside values, with a second column."""
    name = cast.name()
    pairs = (
        ("Full name", cast.person(name)), ("E-mail address", cast.mail(name)), ("Mobile", cast.phone()),
        ("Street", cast.street()), ("Date of birth", cast.birth()), ("Account manager", cast.person()),
        ("IBAN", cast.iban()),
    )  # fmt: skip
    rows = (
        _box("display:flex;padding:8px 0", f"<label style='width:220px;opacity:.8'>{label}</label>", value)
        for label, value in pairs
    )
    news = f"<b>Activity</b><p>{cast.words(6)}<p>{cast.person()} changed the status<p>{cast.words(6)}"
    return f"<h1>{cast.words(3)}</h1>{_box('display:flex', _box('width:560px', *rows), _box('', news))}"


def terminal(cast: Cast) -> str:
    """Draw a terminal."""
    lines = [
        "$ git log -3 --format=short", f"Author: {cast.person()} &lt;{cast.mail()}&gt;", f"    {cast.words(6)}",
        f"Author: {cast.person()} &lt;{cast.mail()}&gt;", f"    {cast.words(6)}", "$ cat .env", f"TOKEN={cast.token()}",
        f"ADMIN_MAIL={cast.mail()}", f"$ curl -H 'Authorization: Bearer {cast.token()}' localhost:8080", "200 OK",
    ]  # fmt: skip
    return f"<pre style='font-family:{cast.chance.choice(_MONO)}'>" + "\n".join(lines) + "</pre>"


def invoice(cast: Cast) -> str:
    """Draw an invoice."""
    to = _box("", f"Bill to:<br>{cast.person()}<br>{cast.street()}<br>")
    contact = _box("", f"Contact: {cast.person()}<br>Phone: {cast.phone()}<br>{cast.mail()}")
    items = _row("Item", "Price") + _row(cast.words(4), f"{cast.chance.randrange(10, 900)}.00")
    return (
        f"<h2>Invoice 2026-{cast.chance.randrange(100, 999)}</h2>{_box('display:flex;gap:200px', to, contact)}"
        f"<p>Pay to account {cast.iban()}<p>Card {cast.card()}<table cellpadding=5>{items}</table>"
    )


def calendar(cast: Cast) -> str:
    """Draw a week of a calendar, whose narrow cells wrap names."""
    kinds = ("1:1 {}", "Interview {}", "{} / planning", "Lunch with {}", "Call {}")

    def event() -> str:
        text = cast.chance.choice(kinds).format(cast.person())
        style = "background:#39c3;margin:5px;padding:5px;border-radius:5px"
        return _box(style, text, f"<br><small>{cast.hour()}</small>")

    days = ("Mon 3", "Tue 4", "Wed 5", "Thu 6", "Fri 7")
    cells = [f"<b>{day}</b>{_list(event, 3)}" for day in days]
    return f"<h3>November 2026</h3><table width=1000>{_row(*cells, style='vertical-align:top;width:150px')}</table>"


def board(cast: Cast) -> str:
    """Draw a board of tasks."""

    def item() -> str:
        style = "border:1px solid #8886;border-radius:6px;margin:8px;padding:9px"
        return _box(style, cast.words(5), f"<br><small>Assignee: {cast.person()}</small>")

    names = ("To do", "Doing", "Review", "Done")
    return _box("display:flex;gap:12px", *(_box("width:240px", f"<h4>{name}</h4>", _list(item, 4)) for name in names))


def letter(cast: Cast) -> str:
    """Draw a mail with its head and signature."""
    name = cast.name()
    head = (
        f"From: {cast.person(name)} &lt;{cast.mail(name)}&gt;", f"To: {cast.mail()}; {cast.mail()}",
        f"Cc: {cast.person()}",
    )  # fmt: skip
    body = f"{cast.words(8)} {cast.words(8)}. Please send it to {cast.street()} or ring {cast.phone()}."
    foot = f"<p>Kind regards</p><p>{cast.person(name)}<br>{cast.company()}<br>{cast.phone()}</p>"
    return f"<h2>{cast.words(4)}</h2>{'<br>'.join(head)}<hr><p>Dear {cast.person()},</p><p>{body}</p>{foot}"


def sheet(cast: Cast) -> str:
    """Draw a spreadsheet."""
    style = "border:1px solid #8887;padding:3px 5px;white-space:nowrap"

    def row() -> str:
        grade = str(cast.chance.randrange(10, 99))
        return _row(cast.person(), cast.birth(), cast.mail(), cast.iban(), grade, style=style)

    head = _row(*"ABCDE", style=style) + _row("Employee", "Birth date", "Mail", "IBAN", "Score", style=style)
    return f"<table style='border-collapse:collapse'>{head}{_list(row, 10)}</table>"


def editor(cast: Cast) -> str:
    """Draw an editor of code."""
    lines = [
        "service:", f"  owner: {cast.mail()}", f"  # ask {cast.person()} before a change", "  retries: 3", "  webhook:",
        f"    token: {cast.token()}", "    timeout: 30", "maintainers:", f"  - {cast.person()} &lt;{cast.mail()}&gt;",
        f"  - {cast.person()} &lt;{cast.mail()}&gt;",
    ]  # fmt: skip
    numbers = [
        f"<span style='opacity:.5;display:inline-block;width:40px'>{number}</span>"
        for number in range(1, len(lines) + 1)
    ]
    rows = (_box("white-space:pre", number, line) for number, line in zip(numbers, lines, strict=True))
    return _box(f"font-family:{cast.chance.choice(_MONO)};line-height:1.5", *rows)


def form(cast: Cast) -> str:
    """Draw a form with labels above its fields."""
    name = cast.name()
    fields = (
        ("First and last name", cast.person(name)), ("Email", cast.mail(name)), ("Telephone number", cast.phone()),
        ("Address line 1", cast.street()), ("Date of birth", cast.birth()), ("Emergency contact", cast.person()),
        ("Card number", cast.card()),
    )  # fmt: skip
    style = "border:1px solid #8889;border-radius:4px;padding:7px"
    boxes = (_box("width:300px;margin:8px", f"<small>{label}</small>", _box(style, value)) for label, value in fields)
    return f"<h2>Registration</h2>{_box('display:flex;flex-wrap:wrap;width:680px', *boxes)}<button>Save</button>"


FAMILIES: dict[str, tuple[Callable[[Cast], str], ...]] = {
    "A": (contacts, mails, chat, card, terminal, invoice),
    "B": (calendar, board, letter, sheet, editor, form),
}


def draw_page(layout: Callable[[Cast], str], chance: random.Random) -> Page:
    """Draw a page of a layout with its own people and look."""
    theme, font, size = chance.choice(sorted(_THEMES)), chance.choice(_FONTS), chance.choice(_SIZES)
    ground, ink, link = _THEMES[theme]
    style = f"body{{background:{ground};color:{ink};font:{size}px '{font}';margin:22px}}h2{{color:{link}}}"
    html = f"<!doctype html><meta charset=utf-8><style>{style}</style><body>{layout(Cast(chance))}"
    return Page(layout.__name__, f"{theme} {font} {size}px", html)
