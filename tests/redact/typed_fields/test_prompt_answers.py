"""Answers to a terminal's prompt for a secret: never released, while the commands around them are."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from transforms.redact.results import RedactionResult
from transforms.redact.typed_fields.prompt_answers import asks_for_secret

Row = dict[str, Any]
Run = Callable[..., RedactionResult]

TERMINAL = {"kind": "field", "field_id": "f", "role": "textbox", "label": "Terminal", "multiline": True}


def typed(script: str, field: str = "f") -> Iterator[Row]:
    for character in script:
        for action in ("down", "up"):
            key = "Enter" if character == "\n" else character
            yield {"kind": "key", "action": action, "key": key, "modifiers": [], "field_id": field}


def screen(text: str) -> Row:
    return {"kind": "screen", "source": "ocr", "text": text}


def focus(app: str) -> Row:
    return {"kind": "focus", "app": app, "title": ""}


def final(result: RedactionResult) -> str:
    assert result.withheld == ()
    (text,) = [row["text"] for row in result.sessions.table.to_pylist() if row["kind"] == "text_input"]
    return text


def keys(result: RedactionResult) -> str:
    rows = result.sessions.table.to_pylist()
    listed = [row for row in rows if row["kind"] == "key" and row["action"] == "down"]
    return "".join("*" if row["synthetic"] else {"Enter": "\n"}.get(row["key"], row["key"]) for row in listed)


MARKER = "<PASSWORD>"
DONE = f"sudo ls\n{MARKER}\nid\n"

ASKED = screen("$ sudo ls\n[sudo] password for hk:")
LATE = screen("$ sudo ls\n[sudo] password for hk:\na.txt\n$")


@pytest.mark.parametrize(
    "rows",
    [
        [*typed("sudo ls\n"), ASKED, *typed("oak\n"), screen("a.txt\n$"), *typed("id\n")],
        [*typed("sudo ls\no"), ASKED, *typed("ak\n"), screen("a.txt\n$"), *typed("id\n")],
        [*typed("sudo ls\noak"), ASKED, *typed("\nid\n")],
        [*typed("sudo ls\noak\n"), LATE, *typed("id\n")],
        [*typed("sudo ls\noak\nid\n"), LATE],
    ],
    ids=["before", "within", "before-enter", "after", "at-the-end"],
)
def test_an_answer_goes_wherever_the_screen_with_its_prompt_was_recorded(redact: Run, rows: list[Row]) -> None:
    result = redact([TERMINAL, *rows], {})
    assert final(result) == DONE
    assert keys(result) == f"sudo ls\n{'*' * len(MARKER)}\nid\n"


QUESTION = "[sudo] password for hk:"
QUOTED = {"kind": "screen", "source": "a11y", "text": f"text '$ sudo ls'\ntext '{QUESTION}'\nbutton 'Close'"}
IN_A_VALUE = {
    "kind": "screen",
    "source": "a11y",
    "text": "button 'Close'",
    "nodes": [{"role": "textbox", "name": "Shell", "value": f"$ sudo ls\n{QUESTION}"}],
}


@pytest.mark.parametrize("asked", [QUOTED, IN_A_VALUE], ids=["line of a list", "value of a node"])
def test_a_prompt_is_read_from_lists_and_nodes_of_a_terminal_and_not_of_a_form(redact: Run, asked: Row) -> None:
    rows = [*typed("sudo ls\n"), asked, *typed("oak\n"), screen("a.txt\n$"), *typed("id\n")]
    assert final(redact([TERMINAL, *rows], {})) == DONE
    notes = {**TERMINAL, "label": "Notes"}
    assert final(redact([notes, *rows], {})) == "sudo ls\noak\nid\n"


@pytest.mark.parametrize("answer", ["oak", "correct horse staple", "8842", "p@ss w0rd!", "ls"])
def test_released_rows_are_the_same_for_every_answer(redact: Run, answer: str) -> None:
    result = redact([TERMINAL, *typed("sudo ls\n"), ASKED, *typed(f"{answer}\n"), screen("$"), *typed("id\n")], {})
    assert (final(result), keys(result)) == (DONE, f"sudo ls\n{'*' * len(MARKER)}\nid\n")


def test_a_pasted_answer_goes_with_its_clipboard_row(redact: Run) -> None:
    paste = {"kind": "clipboard", "action": "paste", "text": "oak", "field_id": "f"}
    result = redact([TERMINAL, *typed("sudo ls\n"), ASKED, paste, *typed("\nid\n")], {})
    table = result.sessions.table.to_pylist()
    assert "oak" not in str(table)
    assert final(result) == DONE


def test_an_answer_that_comes_up_elsewhere_goes_there_too(redact: Run) -> None:
    rows = [*typed("sudo ls\n"), ASKED, *typed("Igel-77\n"), screen("export DB=Igel-77\n$"), *typed("id\n")]
    result = redact([TERMINAL, *rows], {})
    assert "Igel" not in str(result.sessions.table.to_pylist())


def test_what_another_application_types_after_the_prompt_stays(redact: Run) -> None:
    note = {"kind": "field", "field_id": "n", "role": "textbox", "label": "Note", "multiline": True}
    rows = [focus("konsole"), ASKED, focus("notes"), note, *typed("buy milk\n", "n")]
    result = redact(rows, {})
    assert final(result) == "buy milk\n"


def test_a_command_that_ran_without_asking_has_no_answer(redact: Run) -> None:
    shown = "$ sudo ls\n[sudo] password for hk:\na.txt\n$ sudo ls\na.txt\n$ id"
    rows = [*typed("sudo ls\n"), ASKED, *typed("oak\n"), screen("$"), *typed("sudo ls\nid\n"), screen(shown)]
    assert final(redact([TERMINAL, *rows], {})) == f"sudo ls\n{MARKER}\nsudo ls\nid\n"


PROMPTS = (
    "[sudo] password for hk:",
    "[sudo] Passwort für hk:",
    "hk@build-3's password:",
    "(hk@build-3) Password:",
    "Enter passphrase for key '/home/hk/.ssh/id_ed25519':",
    "Enter passphrase for key C:\\keys\\id:",
    "Password for user postgres:",
    "Password:",
    "New password:",
    "Retype new password:",
    "BECOME password[defaults to SSH password]:",
    "Passphrase:",
    "PIN:",
    "Enter PIN for 'token 3':",
    "Enter pass phrase for server.key:",
    "Verification code:",
    "Token:",
    "? Enter your API key: [hidden]",
    "Password: ********",
    "Mot de passe :",
    "Contraseña:",
    "пароль:",
    "パスワード:",
    "请输入密码:",
    "Hasło użytkownika hk:",
)
OTHER_LINES = (
    "",
    "$",
    "hk@pin:~$",
    "Forgot your password?",
    "Sorry, try again.",
    "password: hunter2",
    "The password must have 8 characters.",
    "Opinion:",
    "Spinner:",
    "token-cache:",
    "Shopping list:",
    "https://example.com/password:443",
    "x" * 300 + " password:",
)


@pytest.mark.parametrize("line", PROMPTS)
def test_a_line_that_waits_for_a_secret_asks(line: str) -> None:
    assert asks_for_secret(line)
    assert asks_for_secret(f"  {line} ")


@pytest.mark.parametrize("line", OTHER_LINES)
def test_a_line_that_says_something_asks_nothing(line: str) -> None:
    assert not asks_for_secret(line)
