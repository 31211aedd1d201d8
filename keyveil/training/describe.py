"""Actions as short sentences, for histories of a chat and for descriptions of a call."""

from keyveil.training.action import Action


def describe(action: Action) -> str:
    """Describe an action in a few words, without a position.

    >>> describe(Action(kind="click", role="button", name="Send"))
    'click button "Send"'
    >>> describe(Action(kind="hotkey", keys=("ctrl", "s")))
    'press ctrl+s'
    """
    target = " ".join(word for word in (action.role or "", f'"{action.name}"' if action.name else "") if word)
    if action.kind == "type":
        return f'type "{action.text}"' + (f" into {target}" if target else "")
    if action.kind == "hotkey":
        return f"press {'+'.join(action.keys)}" + (f" {action.presses} times" if action.presses > 1 else "")
    if action.kind == "wait":
        return "wait"
    words = [action.kind.replace("_", " ")]
    words += [scroll_way(action)] if action.kind == "scroll" else []
    words += [f"({action.button})"] if action.button != "left" else []
    return " ".join([*words, target]).strip()


def scroll_way(action: Action) -> str:
    """Name the way of a scroll: the longer of its two distances."""
    right, down = action.notches
    if abs(right) > abs(down):
        return "right" if right > 0 else "left"
    return "up" if down < 0 else "down"
