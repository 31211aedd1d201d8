"""Hosts are read as a browser reads them, and have all their names in a text."""

import pytest

from transforms.sites.hosts import host_of, spellings


@pytest.mark.parametrize(
    ("spelling", "host"),
    [
        ("127.1", "127.0.0.1"),
        ("0x7F.0.0.1", "127.0.0.1"),
        ("0177.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("255.255.255.255", "255.255.255.255"),
        ("1.2.3.256", None),
        ("256.2.3.4", None),
        ("1.16777215", "1.255.255.255"),
        ("1.16777216", None),
        ("4294967295", "255.255.255.255"),
        ("4294967296", None),
        ("1.2.65535", "1.2.255.255"),
        ("1.2.65536", None),
        ("09.1", None),
        ("1.0x", "1.0.0.0"),
        ("[::1]", "[::1]"),
        ("[::1", None),
        ("[x]", None),
        ("a_b.example", "a_b.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("%ff.example", None),
        ("a%00b.example", None),
        ("a%2Fb.example", None),
        ("", None),
        (".", None),
        ("xn--\u00fc", None),
    ],
)
def test_numbers_are_addresses_as_in_a_browser_and_what_it_refuses_is_none(spelling: str, host: str | None) -> None:
    assert host_of(spelling) == host


def test_names_of_one_host_in_texts() -> None:
    assert spellings("intranet.b\u00fccher.co.uk".encode("idna").decode()) == {
        "intranet.xn--bcher-kva.co.uk",
        "intranet.b\u00fccher.co.uk",
        "xn--bcher-kva.co.uk",
        "b\u00fccher.co.uk",
        "xn--bcher-kva",
        "b\u00fccher",
        "intranet.bcher-kva.co.uk",
        "bcher-kva.co.uk",
        "bcher-kva",
    }
    assert spellings("zebra.corp") == {"zebra.corp", "zebra"}
    assert spellings("jira") == {"jira"}
    assert spellings("10.0.0.1") == {"10.0.0.1"}
    assert spellings("www.zebra") == {"www.zebra", "www", "zebra"}
    assert spellings("www.local") == {"www.local", "www"}
    assert {"zebra-crm.test", "zebra-crm"} < spellings("xn--zebra-crm.test")
    assert spellings("xn--zebra-inside") == {"xn--zebra-inside", "zebra-inside"}
