# ruff: noqa: E501, RUF001 - tables of words and screens; a name says what is shown
"""Conversations, screens with their labels, and the words and nodes that all layouts share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

Node = Mapping[str, Any]


@dataclass(frozen=True)
class Talk:
    """Lines with their senders, and whether the recorder typed them."""

    language: str
    said: Sequence[tuple[str, str, bool]]
    draw: Random


@dataclass(frozen=True)
class Made:
    """A screen: its nodes or lines, its window, and which texts of it are somebody else's or the recorder's own."""

    language: str
    nodes: Sequence[Node]
    incoming: Sequence[str]
    own: Sequence[str]
    lines: Sequence[str] = ()
    app: str = "acmeapp"
    url: str = ""
    typed: Sequence[str] = ()
    """Lines that the recorder typed, where they are not those that are shown as their own."""
    title: str = ""
    earlier: Sequence[str] = ()
    """Lines that the recorder wrote before the session began."""
    controls: Sequence[str] = ()


Layout = Callable[[Talk], Made]

LANGUAGES = "en de fr es it pl nl sv tr ru ja zh pt".split()

REPLY = dict(
    zip(
        LANGUAGES,
        "Reply|Antworten|Répondre|Responder|Rispondi|Odpowiedz|Beantwoorden|Svara|Yanıtla|Ответить|返信|回复|Responder".split(
            "|"
        ),
        strict=True,
    )
)
COMPOSE = dict(
    zip(
        LANGUAGES,
        (
            "Compose|Verfassen|Nouveau message|Redactar|Scrivi|Nowa wiadomość|Nieuw bericht|Nytt meddelande|Yeni e-posta|Написать"
            "|メールを作成|写邮件|Escrever"
        ).split("|"),
        strict=True,
    )
)
HEADS = dict(
    zip(
        LANGUAGES,
        (
            "From Subject Sent|Von Betreff Gesendet|De Objet Envoyé|De Asunto Fecha|Da Oggetto Data|Od Temat Data|Van Onderwerp Datum"
            "|Från Ämne Datum|Kimden Konu Tarih|От Тема Дата|差出人 件名 日時|发件人 主题 日期|De Assunto Data"
        ).split("|"),
        strict=True,
    )
)
VIEWS = dict(
    zip(
        LANGUAGES,
        (
            "Today Week Month|Heute Woche Monat|Aujourd'hui Semaine Mois|Hoy Semana Mes|Oggi Settimana Mese|Dziś Tydzień Miesiąc"
            "|Vandaag Week Maand|Idag Vecka Månad|Bugün Hafta Ay|Сегодня Неделя Месяц|今日 週 月|今天 周 月|Hoje Semana Mês"
        ).split("|"),
        strict=True,
    )
)
TIMES = ("10:42", "9:05 AM", "Yesterday", "3h", "Mar 4", "12.11.", "2 days ago", "14:07")


def node(depth: int, role: str, name: str | None = None, value: str | None = None) -> Node:
    return {"depth": depth, "role": role, "name": name, "value": value}


def label(talk: Talk, nodes: Sequence[Node], *, other: bool = False, mine: bool = True) -> Made:
    """Label a screen; of an ``other`` one nothing is incoming, and of a list of mails no line is the recorder's."""
    incoming = [] if other else [line for _, line, own in talk.said if not (own and mine)]
    own = [line for _, line, own in talk.said if own and mine and not other]
    return Made(talk.language, tuple(nodes), incoming, own)


def name_author(name: str, *, own: bool) -> str:
    return "You" if own else name


def frame(*names: str) -> list[Node]:
    return [node(0, "window", "Window"), node(1, "toolbar"), *(node(2, "button", name) for name in names)]
