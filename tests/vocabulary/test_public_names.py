import json
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from tests.support.cpu import under_cpu_seconds
from transforms.redact.bystanders.messengers import is_messenger
from transforms.redact.deny_list import _DOMAINS, _MANAGERS
from transforms.vocabulary import (
    application_names,
    application_words,
    name_application,
    name_host,
    public_hosts,
    shows_no_messages,
)


@pytest.mark.parametrize("name", ["-1" * 20_000 + "!", "a." * 20_000, "/" * 20_000])
def test_no_name_stalls(name: str) -> None:
    with under_cpu_seconds(0.5):
        assert name_application(name) is None


def test_a_version_is_left_out_at_the_end_of_a_long_name() -> None:
    assert name_application("/opt/" + "x" * 70 + "/slack-4.41.105.exe") == "Slack"


def _lines(name: str) -> list[str]:
    return resources.files("transforms.vocabulary").joinpath("data", name).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("chrome.exe", "Google Chrome"),
        ("C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe", "Google Chrome"),
        ("/usr/lib/firefox/firefox", "Firefox"),
        ("com.microsoft.VSCode", "Visual Studio Code"),
        ("Code", "Visual Studio Code"),
        ("Blender 4.2", "Blender"),
        (" Slack ", "Slack"),
        ("/Applications/Slack.app", "Slack"),
        ("explorer", "File Explorer"),
        ("SearchHost.exe", "Windows Search"),
        ("ShellExperienceHost", "Windows Shell Experience Host"),
        ("ApplicationFrameHost", "Application Frame Host"),
        ("com.apple.dock", "Dock"),
        ("org.gnome.Shell", "GNOME Shell"),
        ("kwin_wayland", "KWin"),
        ("consent.exe", "User Account Control"),
    ],
)
def test_all_spellings_of_an_application_have_one_name(raw: str, name: str) -> None:
    assert name_application(raw) == name


@pytest.mark.parametrize(
    "raw",
    ["", ".exe", "acme-crm", "chrome remote of acme", "slack-acme", "Anna Kowalski", "consent", "osk", "Narrator"],
)
def test_an_unknown_application_has_no_public_name(raw: str) -> None:
    assert name_application(raw) is None


def test_every_application_of_the_bundled_recordings_but_a_made_up_one_is_named() -> None:
    recordings = Path(__file__).parents[2] / "examples" / "recordings"
    office = map(json.loads, (recordings / "synthetic-office.jsonl").read_text(encoding="utf-8").splitlines())
    windows = recordings / "agentnet" / "display-settings" / "top_window.jsonl"
    shown = [json.loads(line)["top_window_name"] for line in windows.read_text(encoding="utf-8").splitlines()]
    shown += [event["app"] for event in office if event["kind"] == "focus"]
    assert len(shown) == 13
    assert [app for app in shown if not name_application(app)] == ["tealeaf-chat"]


def test_a_site_is_named_by_its_whole_host_only() -> None:
    assert name_host("www.python.org") == name_host("python.org") == "python.org"
    assert name_host("mail.google.com") == "mail.google.com"
    assert [name_host(host) for host in ("acme.atlassian.net", "google.com.evil.test", "wwwpython.org", "")] == [
        None
    ] * 4


def test_no_spelling_names_two_applications() -> None:
    spellings: Counter[str] = Counter()
    for line in _lines("applications.txt"):
        name, bar, aliases = line.partition(" | ")
        assert bar, line
        assert aliases == aliases.casefold().strip(), line
        spellings.update({name.casefold(), *aliases.split(", ")})
    assert [spelling for spelling, count in spellings.items() if count > 1] == []


def test_each_list_is_sorted_and_without_repeats() -> None:
    names = [line.partition(" | ")[0].casefold() for line in _lines("applications.txt")]
    assert len(set(names)) == len(names)
    assert _lines("hosts.txt") == sorted(set(_lines("hosts.txt")))


def test_nothing_that_is_denied_by_default_is_public() -> None:
    assert not any(name_application(manager) for manager in _MANAGERS)
    assert not any(name_host(domain) for domain in _DOMAINS)


def test_words_of_applications_are_lower_case_words() -> None:
    assert {"photoshop", "jupyter", "visual"} <= application_words()
    assert not {"acrord", "com"} & application_words()


def test_what_shows_no_messages_is_named_software_and_no_messenger() -> None:
    quiet = _lines("quiet.txt")
    assert set(quiet) <= application_names() | public_hosts()
    assert len(set(quiet)) == len(quiet)
    assert [name for name in quiet if is_messenger(name, "", "") or is_messenger("", "", f"https://{name}/")] == []


@pytest.mark.parametrize(
    ("app", "host", "quiet"),
    [
        ("/usr/bin/gedit", "", True),
        ("WINWORD.EXE", "", True),
        ("chrome.exe", "", False),
        ("chrome.exe", "www.docs.python.org", True),
        ("gedit", "desk.example", False),
        ("slack", "", False),
        ("mstsc", "", False),
        ("", "", False),
        ("", "docs.python.org.example", False),
    ],
)
def test_a_host_decides_before_the_application(app: str, host: str, *, quiet: bool) -> None:
    assert shows_no_messages(app, host) is quiet
