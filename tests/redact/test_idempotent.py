"""Redacted text that comes in again keeps its surrogates, with the engines of the default profile."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.redact.detect.build import shared_detector
from transforms.redact.results import RedactionResult
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates.reserved_values import FORMS, surrogates_in

Run = Callable[..., RedactionResult]

PARTS = st.one_of(
    st.sampled_from(
        [
            "Dear Anna Kowalski,",
            "call Maria Lopez on +49 30 901820-17",
            "anna.kowalski@contoso.com",
            "IBAN DE89 3704 0044 0532 0130 00",
            "card 4539 1488 0343 6467",
            "SSN 536-22-8145",
            "12 Elm Road, Springfield, IL 62704",
            "the password is hunter2!Xz",
            "host lt-maria-07",
            "C:\\Users\\maria.lopez\\notes.txt",
            "born 14 March 1981",
            "user mlopez42 logged in from 10.20.30.40",
            "token ghp_" + "a1B2" * 9,
            "thanks, see you",
        ]
    ),
    st.tuples(
        st.sampled_from(["Dear {}, hello", "{}", "send it to {} today", "Contact: {}", "{} | Mail", "see <{}>"]),
        st.sampled_from(sorted(FORMS)),
        st.integers(0, 2**128 - 1),
    ).map(lambda item: item[0].format(FORMS[item[1]].make(item[2]))),
)


def seen(redact: Run, text: str, session: str) -> dict[str, Any]:
    rows = [{"kind": "screen", "source": "ocr", "text": text, "session_id": session}]
    result = redact(rows, shared_detector(RedactSettings()))
    assert result.withheld == ()
    return result.sessions.table.to_pylist()[0]


@settings(max_examples=25, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=4).map("\n".join))
def test_what_we_made_is_left_as_it_is(redact: Run, text: str) -> None:
    once = seen(redact, text, "one")
    twice = seen(redact, once["text"], "two")
    ours = [once["text"][span.start : span.end] for span in surrogates_in(once["text"])]
    named = [once["text"][item["start"] : item["end"]] for item in once["redactions"] or ()]
    assert {name for name in named if name not in twice["text"]} == set()
    assert [value for value in ours if value not in twice["text"]] == []
