# ruff: noqa: E501, RUF001 - tables of words and screens; a name says what is shown
"""Layouts of screens for ``message_screens``: shared parts, and family A, at hand when the rule was written."""

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

NAMED = dict(
    zip(
        LANGUAGES,
        (
            "Message #team|Nachricht an Ilse|Envoyer un message|Enviar un mensaje|Scrivi un messaggio a Ilse|Napisz wiadomość"
            "|Bericht sturen|Skriv ett meddelande|Mesaj gönder|Написать сообщение|メッセージを送信|发送消息|Enviar uma mensagem"
        ).split("|"),
        strict=True,
    )
)
"""Labels of the box in family A."""
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


def chat(talk: Talk) -> Made:
    nodes = [*frame("Search", "Settings"), node(1, "list")]
    for who, line, own in talk.said:
        nodes += [
            node(2, "listitem"),
            node(3, "link", name_author(who, own=own)),
            node(3, "time", talk.draw.choice(TIMES)),
        ]
        nodes.append(node(3, "paragraph", line))
    return label(talk, [*nodes, node(1, "textbox", NAMED[talk.language]), node(1, "button", "Send")])


def chat_in_names(talk: Talk) -> Made:
    nodes = [*frame("Search"), node(1, "list")]
    nodes += [
        node(2, "listitem", f"{name_author(who, own=own)}, {line}, {talk.draw.choice(TIMES)}")
        for who, line, own in talk.said
    ]
    return label(talk, [*nodes, node(1, "textbox", NAMED[talk.language])])


def mail_list(talk: Talk) -> Made:
    nodes = [*frame(COMPOSE[talk.language], "Archive"), node(1, "table")]
    for who, line, _ in talk.said:
        nodes += [
            node(2, "row"),
            node(3, "cell", who),
            node(3, "cell", line),
            node(3, "cell", talk.draw.choice(TIMES)),
        ]
    return label(talk, nodes, mine=False)


def mail_opened(talk: Talk) -> Made:
    sender, subject, sent = HEADS[talk.language].split()
    nodes = [
        *frame(REPLY[talk.language]),
        node(1, "article"),
        node(2, "text", f"{sender}: {talk.said[0][0]}"),
    ]
    nodes += [node(2, "text", f"{subject}: x"), node(2, "text", f"{sent}: {talk.draw.choice(TIMES)}")]
    return label(talk, [*nodes, *(node(2, "paragraph", line) for _, line, _ in talk.said)])


def comments(talk: Talk) -> Made:
    nodes = [*frame("Share"), node(1, "region", "Comments")]
    for who, line, own in talk.said:
        nodes += [
            node(2, "article"),
            node(3, "link", name_author(who, own=own)),
            node(3, "text", talk.draw.choice(TIMES)),
        ]
        nodes += [node(3, "paragraph", line), node(3, "button", REPLY[talk.language])]
    return label(talk, nodes)


def flat_chat(talk: Talk) -> Made:
    nodes = [*frame("Search"), node(1, "main")]
    for who, line, own in talk.said:
        nodes += [
            node(2, "text", name_author(who, own=own)),
            node(2, "text", talk.draw.choice(TIMES)),
            node(2, "text", line),
        ]
    return label(talk, [*nodes, node(1, "textbox", NAMED[talk.language])])


def calendar(talk: Talk) -> Made:
    nodes = [*frame(*VIEWS[talk.language].split()), node(1, "grid")]
    return label(
        talk,
        [*nodes, *(node(2, "gridcell", f"{number + 8}:30, {line}") for number, (_, line, _) in enumerate(talk.said))],
    )


def contact_form(talk: Talk) -> Made:
    nodes = [*frame("Back"), node(1, "form"), *(node(2, "paragraph", line) for _, line, _ in talk.said)]
    nodes += [node(2, "textbox", "Your name"), node(2, "textbox", "Message"), node(2, "button", "Send")]
    return label(talk, nodes, other=True)


def files(talk: Talk) -> Made:
    nodes = [*frame("New folder", "Upload"), node(1, "table"), node(2, "columnheader", "Name")]
    for who, line, _ in talk.said:
        nodes += [node(2, "row"), node(3, "cell", line.rstrip(".?") + ".docx"), node(3, "cell", who)]
        nodes += [node(3, "cell", talk.draw.choice(TIMES)), node(3, "cell", "14 KB")]
    return label(talk, nodes, other=True)


def results(talk: Talk) -> Made:
    nodes = [*frame("Images", "News"), node(1, "searchbox", "Search"), node(1, "list")]
    for who, line, _ in talk.said:
        nodes += [
            node(2, "listitem"),
            node(3, "link", f"{who} - Example"),
            node(3, "text", talk.draw.choice(TIMES)),
            node(3, "paragraph", line),
        ]
    return label(talk, nodes, other=True)


def problems(talk: Talk) -> Made:
    nodes = [*frame("Run", "Debug"), node(1, "tree", "Problems")]
    nodes += [
        node(2, "treeitem", f"'{who}' is declared but its value is never read. ts(6133) [Ln 4, Col 7]")
        for who, _, _ in talk.said
    ]
    return label(talk, nodes, other=True)


def menus(talk: Talk) -> Made:
    nodes = [*frame(), node(1, "menu"), *(node(2, "menuitem", line) for _, line, _ in talk.said)]
    return label(talk, [*nodes, node(2, "menuitem", "Send feedback")], other=True)


FAMILY_A: tuple[Layout, ...] = (
    chat, chat_in_names, mail_list, mail_opened, comments, flat_chat, calendar, contact_form, files, results, problems, menus,
)  # fmt: skip
