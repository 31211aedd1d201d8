"""Every site that an address names is found in it, wherever it stands."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.sites.addresses import named_sites, site

H = "zebra.corp"


@pytest.mark.parametrize(
    "address",
    [
        f"https://user:pw@{H}:8443/x",
        f"https://docs.python.org@{H}/",
        f"mailto:x@{H}",
        f"mailto:x%40{H}?subject=y",
        f"ssh://git@{H}/x.git",
        f"https://m.example/?mail=a@{H}&b=c",
        f"\\\\{H}\\share",
        f"#{H}",
        f"?{H}",
        f"/{H}/x",
        f"{H}/x",
        f" {H}",
    ],
)
def test_a_host_is_named_behind_a_user_and_where_it_may_be_a_path(address: str) -> None:
    assert H in named_sites(address)
    assert "zebra" in named_sites(address.replace(H, "zebra"))


def test_what_names_no_site_gives_none() -> None:
    for address in ("", "   ", "/", "?=&", "://", "@"):
        assert not named_sites(address)
    assert named_sites("https://m.example/a/b?c=d#e") == {"m.example"}
    assert named_sites("https://m.example/@zebra/post") == {"m.example", "zebra"}


@given(st.text(max_size=60))
def test_the_site_of_an_address_is_among_those_it_names(address: str) -> None:
    names = named_sites(address)
    assert site(address).name in {*names, ""}
    assert "" not in names


def test_no_address_takes_long() -> None:
    """Work is counted by CPU time: a quadratic step over these texts takes minutes."""
    begun = time.process_time()
    for text in ("a@" * 50_000, "@" * 100_000, "%40a" * 30_000, "/#" * 50_000, "@a." * 30_000):
        assert len(named_sites(text)) < 10
    assert time.process_time() - begun < 10
