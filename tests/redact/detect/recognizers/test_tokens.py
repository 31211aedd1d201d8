import pytest

from tests.redact.detect.recognizers.conftest import Find
from transforms.redact.detect.recognizers.tokens import RULES

BODY = "a8F3kQ9zL2mX7wP4rT6yB1nV5cD0sGhJ8uE2"
FOUND = [
    "AKIA" + "Q7RT2WXL5MZP9KDN",
    "AIza" + BODY[:35],
    "ghp_" + BODY,
    "glpat-" + BODY[:20],
    "xoxb-" + "2718281828-" + BODY[:24],
    "sk_live_" + BODY[:24],
    "sk-proj-" + BODY,
    "npm_" + BODY,
    "pypi-AgEI" + BODY,
    "SG." + BODY[:22] + "." + BODY + "abcdefg",
    "AC" + "0123456789abcdef" * 2,
    "hf_" + "abcdefghijKLMNOPqrstuvwxyzABCDefgh",
    "acme_live_" + BODY[:28],
    "dp.pt." + BODY,
    "fm2_" + BODY,
    "1/1204567123456:" + "0123456789abcdef" * 2,
    "pk.eyJ1Ijoi" + BODY + "." + BODY[:22],
    "pat-eu1-01234567-89ab-cdef-0123-456789abcdef",
    BODY[:14] + ".atlasv1." + BODY + BODY,
    "rzp_live_" + BODY[:14],
    "SHA256:" + BODY[:21] + "/+" + BODY[:20],
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJuaWVtYW5kIn0.c2lnbmF0dXJl",
]
NOT_FOUND = [
    "sk-learn-contrib",
    "npm_config_registry",
    "my_variable_name_is_rather_long",
    "AKIA",
    "ghp_",
    "release-2024-10-01",
    "see the pat-down rules",
    "dp.pt.js",
    "sha256:" + "0123456789abcdef" * 2,
]


@pytest.mark.parametrize("token", FOUND)
def test_tokens_are_found_alone_and_in_a_sentence(find: Find, token: str) -> None:
    assert find(token) == [("SECRET", token)]
    assert ("SECRET", token) in find(f"see {token} for now")


def test_the_key_of_a_storage_account_has_forty_characters_at_least() -> None:
    (rule,) = (rule for rule in RULES if rule.name == "storage-account-key")
    key, line = BODY + "+/==", "EndpointSuffix=core.windows.net;AccountKey={};AccountName=beispiel"
    assert [line.format(key)[span.start : span.end] for span in rule.find(line.format(key))] == [key]
    assert list(rule.find(line.format(key[1:]))) == []


@pytest.mark.parametrize("text", NOT_FOUND)
def test_names_that_begin_like_a_token_are_left(find: Find, text: str) -> None:
    assert find(text) == []


def test_a_private_key_is_one_span_to_its_last_line(find: Find) -> None:
    body = "\n".join("Zm9vYmFyYmF6cXV4" * 4 for _ in range(3))
    block = f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"
    assert find(f"cat id_rsa\n{block}\nexit") == [("SECRET", block)]


def test_a_private_key_without_an_end_is_taken_to_the_end_of_the_text(find: Find) -> None:
    text = "-----BEGIN PRIVATE KEY-----\nZm9vYmFy\nYmF6"
    assert find(text) == [("SECRET", text)]


LINKS = [
    "https://heron.example/internal/sk_live_" + BODY[:24],
    "https://heron.example/join/xoxb-2718281828-" + BODY[:24] + "/info?page=2",
    "wss://heron.example/ghp_" + BODY,
]


@pytest.mark.parametrize("link", LINKS)
def test_a_link_with_a_key_in_its_path_is_one_value(find: Find, link: str) -> None:
    """The rest of it says where the key opens something, as with a key behind a question mark."""
    assert find(f"it is at {link}, ask first") == [("URL", link)]


def test_a_key_that_no_link_holds_is_found_alone(find: Find) -> None:
    key = "sk_live_" + BODY[:24]
    assert find(f"see heron.example/docs and {key}") == [("SECRET", key)]
    assert find("https://heron.example/sk-learn-contrib/ghp_/docs") == []


def test_a_link_is_looked_through_for_five_hundred_characters(find: Find) -> None:
    key = "sk_live_" + BODY[:24]
    for most, entity in ((500, "URL"), (501, "SECRET")):
        assert [name for name, _ in find(f"https://{'a' * most}/{key}")] == [entity]
