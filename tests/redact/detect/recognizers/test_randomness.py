import pytest

from transforms.redact.detect.recognizers.randomness import (
    _turns,
    encoded_value,
    flag_value,
    looks_like_key,
    password_value,
    secret_value,
    stands_out_as_password,
)


@pytest.mark.parametrize(
    "value", ["zQ8m1pR77sKx2Vb90LwEe", "9f2c4d7a1b3e5f60718293a4b5c6d7e8", "sm_pat_q7RtYw2LmXv9KdZs", "012" * 12]
)
def test_generated_strings_are_irregular(value: str) -> None:
    assert looks_like_key(value)


@pytest.mark.parametrize(
    "value",
    [
        "PeopleWhoMadeMySummer2014",
        "my_long_variable_name_2",
        "8d3e2c1a-4b5f-4e6d-9a7b-1c2d3e4f5a6b",
        "12345678901234567890",
        "aaaaaaaaaaaaaaaa1111",
        "0" * 40,
        "01" * 20,
    ],
)
def test_names_numbers_and_uuids_are_not(value: str) -> None:
    assert not looks_like_key(value)


@pytest.mark.parametrize(
    ("value", "stands_out"), [("Mond!4711x", True), ("jdoe@web01", False), ("100%", False), ("C++17", False)]
)
def test_a_password_mixes_letters_digits_and_symbols(value: str, stands_out: bool) -> None:
    assert (stands_out_as_password(value) is None) == stands_out


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("qK3+zp2/Lm9ZCRFH05+Bh9okBV1/xuW55n2IMHkp", True),
        ("usr/local/share/applications/Browser2/Main", False),
        ("aaaaaaaaaaaaaaaaaaaa/AAAAAAAAAAAAAAAAAAAA/1", False),
    ],
)
def test_encoded_bytes_are_more_mixed_than_a_path(value: str, encoded: bool) -> None:
    assert (encoded_value(value) is None) == encoded


@pytest.mark.parametrize(
    ("value", "password"), [("8080:80", False), ("127.0.0.1:53:53/udp", False), ("Mond4711", True)]
)
def test_a_port_is_no_password(value: str, password: bool) -> None:
    assert (flag_value(value) is None) == password


@pytest.mark.parametrize(
    ("value", "dense"),
    [
        ("Aa1Bb2Cc3Dd4Ee5F", False),  # sixteen characters once each: 4 bits, of which more are asked for
        ("Aa1Bb2Cc3Dd4Ee5F6", True),
        ("Aa1/Bb2+Cc3Dd4Ee5F6==", True),
        ("Aa1Aa1Aa1Aa1Aa1Aa1Aa1", False),
        ("abcdefghijklmnopqrs", False),
    ],
)
def test_encoded_bytes_have_more_than_four_bits_a_character(value: str, *, dense: bool) -> None:
    assert encoded_value(value) is (None if dense else False)


@pytest.mark.parametrize(("value", "turns"), [("aB", 1), ("Ab", 0), ("A1", 1), ("AB", 0), ("aBc1-D", 4), ("", 0)])
def test_a_capital_that_starts_a_word_is_no_turn(value: str, turns: int) -> None:
    assert _turns(value) == turns


@pytest.mark.parametrize(
    "value",
    [
        "your-api-key",
        "YOUR_KEY",
        "your-api-key-goes-here",
        "Bearer ${API_TOKEN}",
        "True))",
        "./a.yaml",
    ],
)
def test_what_stands_in_place_of_a_key_is_none(value: str) -> None:
    assert secret_value(value) is False


@pytest.mark.parametrize(
    "value", ["ours-api-key", "my-secret-token", "your-api-keys7", "Bearer q7RtYw2L", "True7", "a.b.yaml"]
)
def test_what_only_begins_like_that_may_be_one(value: str) -> None:
    assert secret_value(value) is not False


def test_somebody_may_choose_such_words_as_a_password() -> None:
    assert password_value("your-secret-key") is None
