from itertools import permutations

import pytest

from schemas.errors import UsageError
from transforms.vocabulary import NO_NAMES, OwnNames
from transforms.vocabulary.own_names import LONGEST, MOST_NAMES

ACME = OwnNames({"Acme CRM": ("acmecrm", "com.acme.crm"), "Timesheet": ()}, ("crm.acme.example", "intra.acme.example"))


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("C:\\Acme\\AcmeCRM.exe", "Acme CRM"),
        ("com.acme.crm", "Acme CRM"),
        ("acme crm 4.2", "Acme CRM"),
        ("timesheet", "Timesheet"),
        ("chrome.exe", "Google Chrome"),
        ("acmecrm for Ada", None),
        ("", None),
    ],
)
def test_own_names_come_beside_the_public_ones(raw: str, name: str | None) -> None:
    assert ACME.name(raw) == name


def test_no_names_are_the_public_vocabulary_alone() -> None:
    assert NO_NAMES.name("acmecrm") is None
    assert NO_NAMES.name("chrome") == "Google Chrome"
    assert NO_NAMES.sites() == frozenset()


def test_hosts_are_named_with_and_without_www() -> None:
    assert OwnNames(hosts=("a.example",)).sites() == {"a.example", "www.a.example"}


def test_a_further_spelling_of_a_public_application_may_be_given() -> None:
    assert OwnNames({"Google Chrome": ("acme-browser",)}).name("acme-browser") == "Google Chrome"


def test_the_digest_follows_the_list_and_not_its_order() -> None:
    listed = {"A": ("a1", "a2"), "B": ()}
    digests = {OwnNames(dict(order), hosts).digest for order in permutations(listed.items()) for hosts in [("x.y",)]}
    digests.add(OwnNames({"B": (), "A": ("a2", "a1")}, ("x.y",)).digest)
    assert len(digests) == 1
    others = [OwnNames(listed), OwnNames(listed, ("x.z",)), OwnNames({"A": ("a1",), "B": ("a2",)}, ("x.y",)), NO_NAMES]
    assert len({*digests, *(other.digest for other in others)}) == 5


def test_limits_hold_at_their_value() -> None:
    longest = "x" * LONGEST
    assert OwnNames({longest: ("y" * LONGEST,)}).name("y" * LONGEST) == longest
    most = tuple(f"h{number}.example" for number in range(MOST_NAMES))
    assert len(OwnNames(hosts=most).hosts) == MOST_NAMES
    with pytest.raises(UsageError, match="more than 10000 spellings and hosts; shorten it"):
        OwnNames({"A": ()}, most)


@pytest.mark.parametrize(
    ("applications", "hosts", "error"),
    [
        ({"": ()}, (), "the name of application 1 must have 1 to 64"),
        ({"A": (), "x" * (LONGEST + 1): ()}, (), "the name of application 2 must have 1 to 64"),
        ({" A": ()}, (), "the name of application 1 must have 1 to 64"),
        ({"A\nB": ()}, (), "the name of application 1 must have 1 to 64"),
        ({"Other": ()}, (), "the name of application 1 is a word of the release; choose another"),
        ({"private": ()}, (), "the name of application 1 is a word of the release; choose another"),
        ({"A": (" ",)}, (), "a spelling of application 1 must have 1 to 64"),
        ({"A": ("y" * (LONGEST + 1),)}, (), "a spelling of application 1 must have 1 to 64"),
        ({"A": ("bin/a",)}, (), "a spelling of application 1 must have 1 to 64"),
        ({"A": ("bin\\a",)}, (), "a spelling of application 1 must have 1 to 64"),
        ({"A": ("x",), "B": (), "C": ("X ",)}, (), "application 3 has a spelling of an application before it"),
        ({"A": (), "a": ()}, (), "application 2 has a spelling of an application before it"),
        ({"Browser": ("chrome.exe",)}, (), "application 1 has a spelling that the public vocabulary names"),
        ({}, ("a.example", "localhost"), "host 2 must read like crm.example.com"),
        ({}, ("https://a.example",), "host 1 must read like"),
        ({}, ("a.example/x",), "host 1 must read like"),
        ({}, ("www.a.example",), "host 1 must read like"),
        ({}, ("A.example",), "host 1 must read like"),
        ({}, ("-a.example",), "host 1 must read like"),
        ({}, (f"{'a' * 64}.example",), "host 1 must read like"),
        ({}, ("a.example", "a.example"), "a host stands twice; leave one out"),
    ],
)
def test_a_wrong_list_is_told_by_its_place(
    applications: dict[str, tuple[str, ...]], hosts: tuple[str, ...], error: str
) -> None:
    with pytest.raises(UsageError, match=error):
        OwnNames(applications, hosts)


def test_a_list_shows_no_name() -> None:
    assert "acme" not in repr(ACME).casefold()
