"""Attacks by texts: escaped values, protected nodes, hosts in odd addresses, applications in titles."""

import base64
import html
from collections.abc import Callable
from random import Random
from urllib.parse import quote

from tests.attack.recordings import Recording, Variant, token

ESCAPES: dict[str, Callable[[str], str]] = {
    "json": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "json, upper": lambda text: "".join(f"\\u{ord(letter):04X}" for letter in text),
    "python": lambda text: "".join(f"\\x{ord(letter):02x}" for letter in text),
    "javascript": lambda text: "".join(f"\\u{{{ord(letter):x}}}" for letter in text),
    "css": lambda text: "".join(f"\\{ord(letter):06x}" for letter in text),
    "html, decimal": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "html, hex": lambda text: "".join(f"&#x{ord(letter):X};" for letter in text),
    "url, at": lambda text: text.replace("@", "%40"),
    "url": lambda text: "".join(f"%{ord(letter):02x}" for letter in text),
    "base64": lambda text: base64.b64encode(f"mail {text}".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "quoted-printable": lambda text: text.replace("@", "=40"),
    "spaces": " ".join,
    "zero width": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "full width": lambda text: "".join(chr(ord(letter) + 0xFEE0) for letter in text),
    "reversed": lambda text: text[::-1],
    "right to left": lambda text: "\u202e" + text[::-1],
    "line break": lambda text: f"{text[:6]}\n{text[6:]}",
    "html, at": lambda text: html.escape(text).replace("@", "&commat;"),
}

HOSTS: tuple[Callable[[str], str], ...] = (
    lambda host: f"https://{host}/path",
    lambda host: f"//{host}/p",
    lambda host: f"\\\\{host}\\share\\x",
    lambda host: f"view-source:https://{host}/x",
    lambda host: f"blob:https://{host}/1-2",
    lambda host: f"filesystem:https://{host}/temporary/x",
    lambda host: f"about:reader?url=https://{host}/x",
    lambda host: f"about:reader?url={quote(f'https://{host}/x', safe='')}",
    lambda host: f"https:{host}/x",
    lambda host: f"https:/{host}/x",
    lambda host: f"https:\\\\{host}\\x",
    lambda host: f"https:////{host}/x",
    lambda host: f" https://{host}/x",
    lambda host: f"\u200bhttps://{host}/x",
    lambda host: f"\thttps://{host}/x",
    lambda host: f"ht\ntps://{host}/x",
    lambda host: f"(https://{host}/)",
    lambda host: f"ms-word:ofe|u|https://{host}/doc",
    lambda host: f"jar:https://{host}/x.jar!/y",
    lambda host: f"/{host}/x",
    lambda host: f"?{host}",
    lambda host: f"#{host}",
    lambda host: f"?url=https://{host}/x",
    lambda host: f"https://docs.python.org/redirect?to=https://{host}/x",
    lambda host: f"https://docs.python.org/{quote(f'https://{host}/x', safe='')}",
    lambda host: f"https://web.archive.org/web/2024/https://{host}/x",
    lambda host: f"https://docs.python.org#https://{host}/x",
    lambda host: f"https://docs.python.org@{host}/",
    lambda host: f"https://user:pw@{host}:8443/x",
    lambda host: f"HTTPS://{host.upper()}./x",
    lambda host: f"https://{''.join(f'%{ord(letter):02x}' for letter in host)}/x",
    lambda host: f"https://{''.join(chr(ord(letter) + 0xFEE0) if letter.isalnum() else letter for letter in host)}/x",
    lambda host: f"{host}:8080/x",
    lambda host: f"{host}/x",
    lambda host: f"1http://{host}/x",
    lambda host: f"https\uff1a//{host}/x",
    lambda host: f"javascript:location='https://{host}'",
    lambda host: f"file://{host}/share",
    lambda host: f"smb://{host}/share",
    lambda host: f"ssh://git@{host}/x.git",
    lambda host: f"chrome-extension://{host}/page",
    lambda host: f"data:text/html,https://{host}/",
    lambda host: f"https://www.{host}/x?next={host}",
    lambda host: f"https://a.b.{host}/{host}/x#{host}",
    lambda host: f"feed:https://{host}/rss",
    lambda host: f"mailto:x@{host}",
    lambda host: f"\u201chttps://{host}/\u201d",
    lambda host: f"<https://{host}/>",
    lambda host: f"URL:https://{host}/",
    lambda host: f"https://xn--{host}/x",
)
TITLES: tuple[Callable[[str], str], ...] = (
    lambda app: f"notes - {app}",
    lambda app: f"{app} - {app} 3.1",
    lambda app: f"report.txt \u2014 {app.capitalize()}",
    lambda app: f"{app.upper()}: settings",
    lambda app: f"{app} | start",
    lambda app: f"[{app}] \u2013 window 2",
    lambda app: f"about {app}",
)


def escaped_values(session: Recording) -> Variant:
    """Show, copy or title an e-mail address that nothing else of the session spells out, behind an escape."""
    draw, secret = session.draw, token(session.draw)
    text = ESCAPES[draw.choice(sorted(ESCAPES))](f"{secret}@gmail.com")
    text = f"{draw.choice(('contact ', 'see: ', 'x = '))}{text}{draw.choice(('', ' soon', '; done'))}"
    _shown(session, text)
    return Variant(session.rows, (secret,))


def _shown(session: Recording, text: str) -> None:
    match session.draw.randrange(6):
        case 0:
            session.focus("editor", text)
        case 1:
            session.event("clipboard", action="copy", text=text)
        case 2:
            session.event("pointer", action="click", x=1.0, y=2.0, target={"role": "link", "name": text})
        case 3:
            session.event("input_value", field_id="v", value=text)
        case 4:
            _shown_in_a_node(session, text)
        case _:
            session.screen(text)


def _shown_in_a_node(session: Recording, text: str) -> None:
    """Show a text as the name or the value of a node, which the text of the screen repeats, quotes or leaves out."""
    draw = session.draw
    bounds = {"x": 300.0, "y": 100.0, "width": 7.0 * len(text), "height": 18.0}
    words = {"name": text, "value": ""} if draw.random() < 0.5 else {"name": "Note", "value": text}
    node = {"role": draw.choice(("link", "textbox", "cell")), "bounds": bounds, "depth": 1, "protected": False} | words
    page = {"role": "document", "name": draw.choice(("", text)), "value": "", "depth": 0, "protected": False}
    session.screen(draw.choice(("", text, f"link '{text}'", f"a page of {text}")), source="a11y", nodes=[page, node])


def known_values(session: Recording) -> Variant:
    """Show an address in the clear, and then anywhere in another form."""
    draw, secret = session.draw, token(session.draw)
    address = f"{secret}@gmail.com"
    texts = [f"mail to {address}", f"again {ESCAPES[draw.choice(sorted(ESCAPES))](address)}"]
    for text in draw.sample(texts, 2):
        _shown(session, text)
    return Variant(session.rows, (secret,))


def protected_nodes(session: Recording) -> Variant:
    """Show the value of a protected node, or of one that takes passwords, and the same value elsewhere."""
    draw, secret = session.draw, token(session.draw)
    protected = draw.random() < 0.7
    node = {"role": "textbox" if protected else "password", "name": "n", "value": secret, "protected": protected}
    bounds = {"x": 1.0, "y": 1.0, "width": 90.0, "height": 12.0}
    other = {"role": "button", "name": "OK", "value": "", "bounds": None, "protected": False}
    texts = [lambda: session.screen("page", source="dom", nodes=draw.sample([node | {"bounds": bounds}, other], 2))]
    texts.append(lambda: _shown(session, f"it is {draw.choice((secret, secret.upper()))} here"))
    for show in draw.sample(texts, 2):
        show()
    return Variant(session.rows, (secret,))


def hosts(session: Recording) -> Variant:
    """Name a host that one person alone visits in an address as odd as browsers take them."""
    draw, secret = session.draw, token(session.draw)
    host = f"{secret}{draw.choice(('.corp', '.example.com', '-intranet', '', '.co.uk'))}"
    session.focus("browser", "page", url=draw.choice(HOSTS)(host))
    if draw.random() < 0.4:
        _mention(session, draw, host)
    return Variant(session.rows, (secret,))


def _mention(session: Recording, draw: Random, name: str) -> None:
    if draw.random() < 0.5:
        session.focus("browser", f"page on {name}")
    elif draw.random() < 0.5:
        _shown_in_a_node(session, f"open {name} now")
    else:
        session.screen(f"open {name} now")


def applications(session: Recording) -> Variant:
    """Use an application that one person alone has, named in its title, in addresses and on the screen."""
    draw, secret = session.draw, token(session.draw)
    app = f"{secret}{draw.choice(('', '-tool', '.exe', ' Studio'))}"
    session.focus(app, draw.choice(TITLES)(draw.choice((app, secret))))
    if draw.random() < 0.5:
        session.screen(f"welcome to {app} today")
    return Variant(session.rows, (secret,))
