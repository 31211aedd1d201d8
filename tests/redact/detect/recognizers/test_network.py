import pytest

from schemas.entities import TextKind
from tests.redact.detect.recognizers.conftest import Find

FOUND = [
    ("mail jo.ann@example.com please", "EMAIL_ADDRESS", "jo.ann@example.com"),
    ("<jürgen@müller.example>", "EMAIL_ADDRESS", "jürgen@müller.example"),
    ("alice.jones@contoso.local", "EMAIL_ADDRESS", "alice.jones@contoso.local"),
    ("write to alice@corp", "EMAIL_ADDRESS", "alice@corp"),
    ("write to jo.ann@example.n", "EMAIL_ADDRESS", "jo.ann@example.n"),
    ("write to jo.ann@exam", "EMAIL_ADDRESS", "jo.ann@exam"),
    ("jo(at)example(dot)org", "EMAIL_ADDRESS", "jo(at)example(dot)org"),
    ("mail me at jo.ann@ example.com", "EMAIL_ADDRESS", "jo.ann@ example.com"),
    ("mlopez@build-04: ~/src", "USERNAME", "mlopez"),
    ("[jdoe@web01 ~]$ ls", "USERNAME", "jdoe"),
    ("ssh -p 22 jdoe@web01", "USERNAME", "jdoe"),
    ("RT @some_body: hello", "USERNAME", "@some_body"),
    ("thanks @maria.lopez!", "USERNAME", "@maria.lopez"),
    ("posted by u/quietfox99", "USERNAME", "quietfox99"),
    ("https://www.linkedin.com/in/jane-roe-4711", "USERNAME", "jane-roe-4711"),
    ("https://intra.example/users/jroe/inbox", "USERNAME", "jroe"),
    ("https://x.com/jane_roe/status/12", "USERNAME", "jane_roe"),
    ("server is at 10.20.30.40 now", "IP_ADDRESS", "10.20.30.40"),
    ("2001:db8:85a3::8a2e:370:7334", "IP_ADDRESS", "2001:db8:85a3::8a2e:370:7334"),
    ("8bf5:4db7:11aa:22bb:33cc:44dd:55ee:66ff", "IP_ADDRESS", "8bf5:4db7:11aa:22bb:33cc:44dd:55ee:66ff"),
    ("https://ipinfo.example/8.8.4.4", "IP_ADDRESS", "8.8.4.4"),
    ("Host/8.8.4.4 is up", "IP_ADDRESS", "8.8.4.4"),
    ("at ::1:2 now", "IP_ADDRESS", "1:2"),
    ("jroe@gitserver.example", "EMAIL_ADDRESS", "jroe@gitserver.example"),
    ("00:1a:2b:3c:4d:5e", "MAC_ADDRESS", "00:1a:2b:3c:4d:5e"),
    ("ping ws-mlopez-07", "HOSTNAME", "ws-mlopez-07"),
    ("vault-41.corp.example.internal", "HOSTNAME", "vault-41.corp.example.internal"),
    ("Maria's MacBook Pro", "HOSTNAME", "Maria's MacBook Pro"),
    ("server 127.0.0.12 answers", "IP_ADDRESS", "127.0.0.12"),
    ("write to jroe@latestgear now", "EMAIL_ADDRESS", "jroe@latestgear"),
    ("https://intra.example/users/anna.html", "USERNAME", "anna.html"),
    ("https://intra.example/users/jroe-mail", "USERNAME", "jroe-mail"),
]
NOT_FOUND = [
    "rows[::2]",
    "::ffff",
    "@media (max-width: 600px)",
    "@click.command()",
    "https://tidelift.com/subscription/pkg",
    "@Override public void run()",
    "import { x } from '@angular/core'",
    "see you @ 9pm",
    "logo@2x.png",
    "https://x.com/home",
    "https://github.com/features",
    "127.0.0.1",
    "netmask 255.255.255.0",
    "version 1.2.3",
    "Chrome/113.0.0.0 Safari/537.36",
    'AssemblyVersion("4.8.0.0")',
    "EE::FF a::b::c",
    "npm i @types/node@18.11.9 eslint@8.57.0",
    "git clone git@github.com:rails/rails.git",
    "ssh root@localhost",
    "docker pull redis@sha256:1b58ed6b",
    "root@web01:~# uptime",
    "done at 12:30:45",
    "README.md and setup.py",
    "npm create vite@latest",
    "npm i typescript@next",
    "server at 127.0.0.1:<port>",
    'make_server("0.0.0.0", 6543)',
    "https://x.example/en/latest/user/extract-text.html),",
    "https://x.example/docs/user/quickstart.rst#install",
]


@pytest.mark.parametrize(("text", "entity", "value"), FOUND)
def test_addresses_are_found(find: Find, text: str, entity: str, value: str) -> None:
    found = find(text)
    assert any(value in surface for _, surface in found), found
    assert {name for name, _ in found} & {entity, "EMAIL_ADDRESS"}


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_one_is_left(find: Find, text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://example.com/go?u=jane%40example.org&x=1", "jane%40example.org"),
        ("https://example.com/search?name=jane+roe", "jane+roe"),
        ("https://www.google.com/search?q=%28212%29+555-0191+who+called", "%28212%29+555-0191"),
    ],
)
def test_values_in_a_url_are_found_through_its_escapes(find: Find, url: str, value: str) -> None:
    assert any(value in surface for _, surface in find(url, TextKind.URL))


PATH = "~/" + "a" * 199


@pytest.mark.parametrize(
    "line",
    [
        "jdoe@mbp ~ % ls",
        "jdoe@mbp ~/code/heron $ ls",
        "jdoe@mbp ~/code/heron",  # the sign of the prompt is a line of its own, as in a picture
        "jdoe@mbp ~/code/heron - zsh",
        "jdoe@web01 /srv/app-2 # ls",
        f"jdoe@mbp {PATH}",
        f"jdoe@mbp {PATH} $ ls",
    ],
)
def test_the_login_of_a_prompt_is_no_address(find: Find, line: str) -> None:
    assert find(line) == [("USERNAME", "jdoe")]


@pytest.mark.parametrize(
    "line", ["write to jdoe@corp /thanks", "jdoe@corp ~ about", "jdoe@corp - ~/notes", f"jdoe@mbp {PATH}a"]
)
def test_an_address_before_other_signs_is_one(find: Find, line: str) -> None:
    assert [entity for entity, _ in find(line)] == ["EMAIL_ADDRESS"]
