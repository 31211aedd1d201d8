"""Attacks by people who did not agree: broken lines of theirs, other purposes and versions, ids spelled otherwise."""

import json
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.attack.campaign import Home, Verdict
from tests.attack.recordings import (
    COLUMNS,
    GRANTED,
    WITHDRAWN,
    Grant,
    Recording,
    Row,
    Variant,
    agreed,
    lines,
    registry,
    token,
)

ERASED = tuple(f"erased-{number}" for number in range(6))
NAMES = ("josé", "zoë", "Łukå", "anaïs", "ångström", "мойра", "\u1e9bo\u0323")


def _away(draw: Random, number: str) -> tuple[str, str, tuple[Grant, ...]]:
    """Return an id as the log spells it, as the registry does, and the registry's lines: withdrawn, absent, erased."""
    kind = draw.randrange(3)
    if kind == 0:
        user = draw.choice(ERASED)
        return user, user, ()
    user = f"{draw.choice(('away', *NAMES))}-{number}"
    written = draw.choice((user, user, unicodedata.normalize("NFD", user), f" {user}", f"{user} "))
    return written, user, ((user, "training", "1", GRANTED, WITHDRAWN),) if kind == 1 else ()


BROKEN: tuple[Callable[[Row, str], str], ...] = (
    lambda row, secret: json.dumps({**row, "extra": secret}),
    lambda row, secret: json.dumps({**row, secret: "extra"}),
    lambda row, secret: json.dumps({**row, "app": 7, "title": secret}),
    lambda row, secret: json.dumps({**row, "title": f"{secret} and so on and on"})[:-9],
    lambda row, secret: json.dumps({**row, "title": secret})[:-1] + f', "title": "{secret}"}}',
    lambda row, secret: json.dumps({**row, "kind": "sreen", "title": secret}),
    lambda row, secret: json.dumps({**row, "title": secret, "t_us": -1}),
    lambda row, secret: json.dumps({**row, "title": secret, "t_us": "now"}),
    lambda row, secret: json.dumps({**row, "title": secret, "seq": 2.5}),
    lambda row, secret: json.dumps({**row, "title": secret, "seq": None}),
    lambda row, secret: json.dumps({**row, "title": secret}) + " trailing",
    lambda row, secret: json.dumps({**row, "title": secret}) + "}",
    lambda row, secret: json.dumps({**row, "title": secret}).replace("title", "ti\udcfftle"),
    lambda row, secret: json.dumps({name: row[name] for name in row if name != "title"} | {"text": secret}),
    lambda row, secret: json.dumps([{**row, "title": secret}]),
)
"""Lines that cannot be read and say a secret."""


def broken_lines(session: Recording) -> Variant:
    """Let somebody who withdrew, never agreed or was erased stand in lines that cannot be read."""
    draw, secret = session.draw, token(session.draw)
    written, _, grants = _away(draw, token(draw, 8))
    good = {**session.rows[1], "user_id": written}
    rows: list[Row | str] = [{**row, "user_id": written} for row in session.rows]
    row = dict(good, seq=9)
    if draw.random() < 0.3:  # only other lines of the session say whose it is
        del row["user_id"]
    elif draw.random() < 0.3:
        row["session_id"] = f"{row['session_id']}-alone"
    rows.insert(draw.randint(0, 2), draw.choice(BROKEN)(row, secret) + "\n")
    return Variant(rows, (secret,), grants)


def other_purposes(session: Recording) -> Variant:
    """Let the header name a purpose or a version that the person did not agree to."""
    draw, secret = session.draw, token(session.draw)
    user = f"known-{token(draw, 8)}"
    header = draw.choice(("purpose", "consent_version"))
    words = ("research", "trainin", "training2", "marketing") if header == "purpose" else ("2", "0", "v1", "1.1", "11")
    session.rows[0][header] = draw.choice(words)
    session.screen(f"report {secret}")
    session.type(secret, None)
    grants = [agreed(user)]
    if draw.random() < 0.3:
        grants.append((user, "training", "2", GRANTED, WITHDRAWN))
    return Variant([{**row, "user_id": user} for row in session.rows], (secret,), tuple(grants))


def erase_some(home: Home) -> None:
    """Release some people, and erase them."""
    made = [Recording(f"before-{user}", user, Random(user)).rows for user in (*ERASED, "stays")]
    home.log.write_text(lines([row for rows in made for row in rows]))
    home.registry.write_text(registry(map(agreed, (*ERASED, "stays"))))
    if home.run(consent=home.registry) != 0:
        raise AssertionError(f"the first run fails: {home.shown}")
    for user in ERASED:
        if home.command("erase", "--user", user, home.output, "--keys", home.keys, "--state", home.state):
            raise AssertionError(f"the erasure fails: {home.shown}")


SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: unicodedata.normalize("NFC", text),
    lambda text: f" {text}",
    lambda text: f"{text} ",
    lambda text: f"\t{text}",
    lambda text: f"{text}\u00a0",
    lambda text: f"\u3000{text}",
    lambda text: f"{text}\u2003 ",
    lambda text: f" {unicodedata.normalize('NFD', text)} ",
)


def spelled_otherwise(draw: Random, name: str) -> str:
    """Return ``name`` as another program may write it: other bytes, the same to the eye."""
    others = [text for text in (spell(name) for spell in SPELLINGS) if text != name]
    return draw.choice(others)


def registry_spellings(folder: Path, seed: int, variants: int) -> Verdict:
    """Withdraw under another spelling of the id or of the purpose: nobody may be released."""
    began, verdict = time.process_time(), Verdict("registry_spellings", variants)
    home = Home(folder / "registry")
    for number in range(variants):
        draw = Random(f"{seed}/registry/{number}")
        user = f"{draw.choice(NAMES)}{number}"
        rows = [agreed(user), (user, "training", "1", GRANTED, WITHDRAWN)]
        column = draw.randrange(2)
        rows[1] = tuple(  # type: ignore[assignment]
            spelled_otherwise(draw, cell) if at == column else cell for at, cell in enumerate(rows[1])
        )
        draw.shuffle(rows)
        home.registry.write_text(registry(rows))
        home.log.write_text(lines(Recording(f"s{number}", draw.choice(rows)[0], draw).rows))
        before = home.sessions_released()
        home.run(consent=home.registry)
        if home.sessions_released() > before:
            verdict.leaks[number] = [f"released although withdrawn, column {COLUMNS[column]}"]
        home.shown = home.shown[-1000:]
    home.remove()
    verdict.cpu_s = time.process_time() - began
    return verdict


def erasure_spellings(folder: Path, seed: int, variants: int) -> Verdict:
    """Ask to erase people under another spelling of their ids, and people whom nobody knows."""
    began, verdict = time.process_time(), Verdict("erasure_spellings", variants)
    home, draw = Home(folder / "erase"), Random(f"{seed}/erase")
    users = [f"{name}{number}" for number, name in enumerate(NAMES * 3)]
    written = {user: draw.choice((user, spelled_otherwise(draw, user))) for user in users}
    rows = [row for at, user in enumerate(users) for row in Recording(f"s{at}", written[user], draw).rows]
    home.log.write_text(lines(rows))
    home.run()
    for number in range(variants):
        user = draw.choice(users)
        asked = draw.choice((user, spelled_otherwise(draw, user)))
        home.shown = ""
        code = home.command(*_dry(home, asked))
        if code or not json.loads(home.shown)[0]["releases"]:
            verdict.leaks[number] = [f"not found, exit {code}"]
        if number % 10 == 0 and home.command(*_dry(home, f"{user}x")) != 1:
            verdict.failures.append(f"erasing somebody unknown ends with {home.code}")
    verdict.sessions, verdict.released = len(users), home.sessions_released()
    home.remove()
    verdict.cpu_s = time.process_time() - began
    return verdict


def _dry(home: Home, user: str) -> tuple[object, ...]:
    common = ("--keys", home.keys, "--state", home.state, "--dry-run", "--json")
    return ("erase", "--user", user, home.output, *common)
