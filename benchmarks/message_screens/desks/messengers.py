"""Messengers on the desktop: a group with names, bubbles of two people, text messages, a picture read by OCR.

Written by somebody who had not read the rule; trees from what is known of the programs, not recorded.
"""

from benchmarks.message_screens.desks.canvas import Canvas
from benchmarks.message_screens.desks.talks import DeskTalk, first_name
from benchmarks.message_screens.screens import Made

_PREVIEW, _BUBBLE = 36, 34
_OFTEN = 0.3


def whatsapp_group(talk: DeskTalk) -> Made:
    """Model a group in WhatsApp's page: You for the recorder in the list and in quotes, ticks by her bubbles."""
    at = Canvas(talk)
    at.add(0, "RootWebArea", "(3) WhatsApp")
    at.open_pane(0, 420)
    at.add(1, "textbox", at.control(talk.word("search")))
    at.add(1, "grid", talk.word("chat"))
    for who, line, own in talk.aside:
        shown = at.preview(line, own=own, letters=_PREVIEW)
        at.add(2, "row", f"{who} {talk.clock()} {shown}" if not own else "")
        at.add(3, "gridcell", who)
        at.add(3, "gridcell", talk.word("yesterday"))
        at.add(3, "StaticText", f"{talk.word('you')}: {shown}" if own else f"{first_name(who)}: {shown}")
    at.open_pane(430, 1000)
    at.add(1, "main")
    at.add(2, "button", f"Harbour move {talk.other}, {talk.word('you')}")
    at.add(2, "application")
    last = ""
    for place, (who, line, own) in enumerate(talk.said):
        side = "right" if own else "left"
        at.add(3, "row")
        at.add(4, "generic", f"{talk.word('you')}:" if own else "", side=side)
        if not own and who != last:
            at.add(5, "button", f"Open chat details for {who}", side=side)
            at.add(5, "StaticText", who, side=side)
        if place and talk.draw.random() < _OFTEN:
            before, old, was_own = talk.draw.choice(talk.said[:place])
            at.add(5, "button", "Quoted message", side=side)
            at.add(6, "StaticText", talk.word("you") if was_own else before, side=side)
            at.add(6, "StaticText", at.claim(old, own=was_own), side=side)
        at.add(5, "StaticText", at.claim(line, own=own), side=side)
        at.add(5, "StaticText", talk.clock(), side=side)
        if own:
            at.add(5, "img", f" {talk.word('delivered')} ", side=side)
        last = who
    at.write(2, "textbox", talk.word("compose"))
    at.press(2, "send")
    return at.finish("chrome.exe", "(3) WhatsApp", "https://web.whatsapp.com/")


def whatsapp_names(talk: DeskTalk) -> Made:
    """Model WhatsApp on macOS: each bubble is one name with words, time, receiver and whether it was delivered."""
    at = Canvas(talk)
    at.add(0, "AXWindow", "\u200eWhatsApp")
    at.add(1, "AXGroup", at.control(talk.word("conversations")))
    at.open_pane(0, 380)
    for who, line, own in talk.aside:
        shown, time = at.claim(line, own=own), talk.clock()
        told = f"{talk.word('your message')}, {shown}, {time}, {talk.word('delivered')}" if own else f"{shown}, {time}"
        at.add(2, "AXButton", who, told)
    at.open_pane(390, 1040)
    at.add(1, "AXHeading", talk.other)
    at.add(1, "AXGroup", f"{talk.word('message')}: {talk.other}")
    for place, (_, line, own) in enumerate(talk.said):
        side, kind = ("right", "your message") if own else ("left", "message")
        answer = ""
        if place and talk.draw.random() < _OFTEN:
            _, old, was_own = talk.draw.choice(talk.said[:place])
            answer = f", {talk.word('replied')}: {at.claim(old, own=was_own)}"
        told = f"{talk.word(kind)}{answer}, {at.claim(line, own=own)}, {talk.clock()}, "
        if own:
            told += f"{talk.word('sent to')} {talk.other}, {talk.word('seen' if place % 2 else 'delivered')}"
        else:
            told += f"{talk.word('received from')} {talk.other}"
        at.add(2, "AXGenericElement", told, side=side)
    at.write(1, "AXTextArea", talk.word("compose"))
    at.press(1, "send", role="AXButton")
    return at.finish("WhatsApp", "\u200eWhatsApp")


def phone_messages(talk: DeskTalk) -> Made:
    """Model text messages in Phone Link on Windows: bubbles without names, the recorder's at the right."""
    at = Canvas(talk)
    at.add(0, "dialog", "Phone Link")
    at.add(1, "tablist")
    for name in ("Messages", "Calls", "Apps"):
        at.add(2, "tab", at.control(name))
    at.open_pane(0, 400)
    at.press(1, "new mail", "search")
    at.add(1, "list", "Conversations")
    for who, line, own in talk.aside:
        shown = at.preview(line, own=own, letters=_PREVIEW)
        at.add(2, "listitem", f"{who}, {talk.word('you')}: {shown}, {talk.clock()}" if own else f"{who}, {shown}")
    at.open_pane(410, 1020)
    at.add(1, "heading", talk.other)
    at.add(1, "list", "Messages")
    for place, (_, line, own) in enumerate(talk.said):
        side = "right" if own else "left"
        at.add(2, "listitem")
        at.add(3, "paragraph", at.claim(line, own=own), side=side)
        at.add(3, "paragraph", talk.clock(), side=side)
        if own and place == len(talk.said) - 1:
            at.add(3, "paragraph", talk.word("delivered"), side=side)
    at.write_named(1, "textbox", talk.word("compose"))
    at.press(1, "send")
    who, line, own = talk.aside[0]
    if not own:
        at.add(0, "dialog", "New notification")
        at.add(1, "paragraph", who)
        at.add(1, "paragraph", at.claim(line, own=False))
    return at.finish("PhoneExperienceHost.exe", "Phone Link")


def chat_picture(talk: DeskTalk) -> Made:
    """Model a picture of a chat of two people, read by OCR: words and times, and nothing tells whose they are."""
    at = Canvas(talk)
    at.lines += [talk.other, talk.word("today")]
    for _, line, own in talk.said:
        pieces = at.break_up(line, own=own, letters=_BUBBLE)
        at.lines += [*pieces[:-1], f"{pieces[-1]} {talk.clock()}"]
    at.lines.append(at.control(talk.word("compose")))
    return at.finish("WhatsApp.exe", "WhatsApp")


MESSENGERS = (whatsapp_group, whatsapp_names, phone_messages, chat_picture)
