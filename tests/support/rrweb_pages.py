"""Pieces of recordings of rrweb: nodes of a page, and changes of it."""

Event = dict[str, object]


def element(place: int, tag: str, *children: object, **attributes: object) -> Event:
    return {"type": 2, "id": place, "tagName": tag, "attributes": attributes, "childNodes": list(children)}


def block(place: int, *children: object, tag: str = "div", **attributes: object) -> Event:
    return element(place, tag, *children, **attributes)


def words(place: int, text: str) -> Event:
    return {"type": 3, "id": place, "textContent": text}


def change(source: int, **data: object) -> Event:
    return {"type": 3, "data": {"source": source, **data}}
