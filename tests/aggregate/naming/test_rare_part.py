"""Sites are read as a browser reads them, and one that is not named is left in no form."""

import string
import unicodedata
from collections.abc import Callable
from urllib.parse import quote, unquote

import idna
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from transforms.aggregate.naming.rare_part import rare_part, without
from transforms.sites.addresses import site

H = "zebra.corp"


def _shown(address: str, *named: str) -> str:
    return without(address, rare_part(address, frozenset(named)))


@pytest.mark.parametrize(
    ("address", "name", "hidden"),
    [
        ("https://a.example/x#y", "a.example", "https://other/x#y"),
        ("HTTPS://user:secret@a.example:8443", "a.example", "HTTPS://other"),
        ("http://a.example?q=1", "a.example", "http://other?q=1"),
        ("a.example/x", "a.example", "other/x"),
        ("localhost:8080/x", "localhost", "other/x"),
        ("http://[2001:DB8::1]:80/x", "[2001:db8::1]", "http://other/x"),
        ("acme-crm://case/7", "acme-crm://case", "other/7"),
        ("file:///home/x", "file://", "other"),
        ("about:blank", "about:", "other"),
        ("https://a.example\\@b.example/", "a.example", "other"),
        ("https:///x", "x", "other"),
        ("https://a.example:99:1/x", "", "other"),
        ("https://a b/", "", "other"),
        ("https://a..example/", "", "other"),
        ("http://1.2.3.4.5/", "", "other"),
        ("jira/browse/7", "", "other"),
        ("jira:8080/browse/7", "jira", "other/browse/7"),
        ("/a.example/x", "", "other"),
        ("", "", ""),
    ],
)
def test_what_of_an_address_is_its_site(address: str, name: str, hidden: str) -> None:
    assert site(address).name == name
    assert _shown(address) == hidden


@pytest.mark.parametrize(
    "address",
    [
        f"https:{H}/x",
        f"https:/{H}/x",
        f"https:///{H}/x",
        f"https:\\\\{H}\\x",
        f"HtTpS://{H.upper()}/x",
        f" https://{H}/x ",
        f"\x00https://{H}/x",
        "ht\ttps://zeb\nra.co\rrp/x",
        "https://z%65bra.corp/x",
        "https://zebra%2Ecorp/x",
        f"https://{H}./x",
        f"https://a.com@{H}/x",
        f"https://a.com:b@c@{H}:8443/x",
        f"https://{H}:/x",
        "https://\uff5a\uff45\uff42\uff52\uff41\uff0ecorp/x",
        "https://zebra\u3002corp/x",
        "https://ze\u00adbra.corp/x",
        f"view-source:https://{H}/x",
        f"blob:https://{H}/1-2",
        f"{H}/x",
        f"{H}:8080/x",
        f"filesystem:https:{H}/temporary/x",
        f"view-source:{H}",
        f"ftp://{H}/x",
        f"wss://{H}",
    ],
)
def test_every_spelling_of_a_host_has_its_name(address: str) -> None:
    assert site(address).name == H
    assert _shown(address, H) == address
    assert "zebra" not in unicodedata.normalize("NFKC", unquote(_shown(address))).casefold()


@pytest.mark.parametrize(
    "address",
    [
        f"about:reader?url=https://{H}/x",
        f"ms-word:ofe|u|https://{H}/doc",
        f"jar:https://{H}/a.jar!/x",
        f"(https://{H}/)",
        f"javascript:location='https://{H}'",
        f"\u200bhttps://{H}/x",
        f"1http://{H}/x",
        f"ht_tp://{H}/x",
        f"https\uff1a//{H}/x",
        f"//{H}/p",
        "\\\\zebra\\share",
        f"?{H}",
        f"#{H}",
        f"/{H}/x",
        f"./{H}",
        "file://zebra/share",
        f"file:////{H}/x",
        f"https://m.example/?u=https://{H}",
        f"https://m.example/#{H}",
        f"https://m.example/r/{H}/x",
        f"https://m.example//{H}",
        f"https://m.example/?u={quote('https://' + H, safe='')}",
        f"https://m.example/?u={quote(quote('//' + H, safe=''))}",
        "https://m.example/?u=z%2565bra%2ecorp",
        f"https://m.example/?u=me%40{H}",
        "https://m.example/?u=https:zebra",
        f"https://{H}/zebra/x",
        f"https://{H}/?tenant=Zebra_7",
        f"https://{H}/z%65bra-app",
        f"https://docs.{H}/zebra.corp",
        f"https://{H}/intranet.{H}",
        "https://zebra.co.uk/ZEBRA",
        "zebra-crm://zebra/x",
        "zebra-crm://x/zebra-crm",
        "zebra:x",
        "https://m.example/?u=" + "%" + "25" * 9 + "7aebra.corp",
        "https://m.example/%7Aebra.corp",
        "mailto:me@zebra.corp",
    ],
)
def test_a_site_that_is_not_named_is_left_nowhere(address: str) -> None:
    shown = _shown(address, "m.example", "about:", "javascript:", "jar:", "ms-word:", "mailto:")
    layers = [shown]
    for _ in range(12):
        layers.append(unquote(layers[-1]))
    assert not [layer for layer in layers if "zebra" in layer.casefold()]
    assert "other" in shown


def test_a_path_that_names_no_site_stays() -> None:
    for path in (
        "/",
        "/d/7?q=1#top",
        "/~john.smith/report.v2.pdf",
        "/a.html?profile:x=name",
        "/%20/x%2Fy",
        "?next=/inbox",
    ):
        assert _shown(f"https://{H}{path}") == f"https://other{path}"
    assert _shown("https://m.example/?next=https%3A%2F%2Fm.example%2Finbox", "m.example").endswith("inbox")


_LABEL = st.text(string.ascii_lowercase + "äéñß漢", min_size=4, max_size=8).filter(
    lambda text: unicodedata.is_normalized("NFKC", text)
)


def _punycode(label: str) -> str:
    return idna.encode(label, uts46=True).decode()


_WRITTEN: list[Callable[[str], str]] = [
    str,
    str.upper,
    _punycode,
    quote,
    lambda h: quote(quote(h)),
    lambda h: "".join(f"%{b:02x}" for b in h.encode()),
    lambda h: "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in h),
    lambda h: f"u:p@{h}:8443",
    lambda h: f"{h}.",
    lambda h: h[:2] + "\t" + h[2:],
    lambda h: h.replace(".", "\u3002"),
]
_AROUND = [
    "https://{}/x",
    "https:{}",
    "http:\\\\{}\\x",
    " wss://{}",
    "view-source:https://{}",
    "blob:https://{}/1",
    "//{}/p",
    "/{}/x",
    "https://m.example/?u=https://{}/y",
    "https://m.example/r?u=//{}",
    "https://m.example/#{}",
    "about:reader?url=https://{}",
    "jar:file://{}!/x",
    "(https://{})",
    "\u200bhttps://{}",
    "ms-word:ofe|u|https://{}/d",
    "https://x.corp/{}",
    "{}/x",
    "?{}",
    "https://m.example/?u=https%3A%2F%2F{}",
    "javascript:open('//{}')",
]


@settings(deadline=None, max_examples=300)
@given(
    _LABEL, st.sampled_from(["corp", "example", "com", "co.uk"]), st.sampled_from(_WRITTEN), st.sampled_from(_AROUND)
)
def test_a_host_that_is_not_named_appears_in_no_form(
    label: str, suffix: str, written: Callable[[str], str], around: str
) -> None:
    host = f"{label}.{suffix}"
    assume(label not in around + "other")
    try:
        ascii_host = _punycode(host)
    except idna.IDNAError:
        return
    shown = _shown(around.format(written(host)), "m.example", "about:", "jar:", "ms-word:", "javascript:")
    for _ in range(4):
        text = unicodedata.normalize("NFKC", shown).casefold()
        assert not [form for form in (host, ascii_host, label) if form.casefold() in text]
        shown = unquote(shown)


def test_no_address_is_too_long_or_too_deep() -> None:
    for address in ("view-source:" * 15_000, "blob:view-source:https://m.example", f"https://{'9' * 100_000}/"):
        assert site(address) == (0, len(address), "")
    for behind in ("a." * 90_000, "/" * 90_000, "%25" * 60_000, "https:" * 30_000, "-a" * 90_000):
        part = rare_part(f"https://m.example/{behind}", frozenset({"m.example"}))
        assert part is None or part == (18, 18 + len(behind))


@settings(deadline=None)
@given(st.text(max_size=40))
@example("https://m.example")
def test_any_text_has_a_site_inside_it(address: str) -> None:
    found = site(address)
    assert 0 <= found.start <= found.end <= len(address)
    part = rare_part(address, frozenset())
    assert part is not None
    assert without(address, part) == ("" if not address else address[: part[0]] + "other" + address[part[1] :])
    assert part == (found.start, found.end) or part == (0, len(address))
