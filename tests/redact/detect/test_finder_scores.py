"""Scores of what finders without a score of their own in a table report: they decide which of two values wins."""

from collections.abc import Callable, Iterable

import pytest

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.detect.business.channels import find_channels
from transforms.redact.detect.business.repositories import find_repositories
from transforms.redact.detect.business.tickets import find_tickets
from transforms.redact.detect.clocks import find_clocks
from transforms.redact.detect.directory import Directory
from transforms.redact.detect.field_labels import find_labelled_values, find_typed_value
from transforms.redact.detect.misreadings.network_addresses import find_addresses
from transforms.redact.detect.misreadings.tokens import find_tokens
from transforms.redact.detect.names.east_asian_names import find_east_asian_names
from transforms.redact.detect.names.titled_names import find_titled_names
from transforms.redact.detect.patterns import PatternDetector
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates.clipped_values import KnownValues
from transforms.redact.surrogates.fragments import BegunValues, find_half_typed
from transforms.redact.text.phrases import Phrases

PERSON = EntityType.PERSON


@pytest.mark.parametrize(
    ("find", "score"),
    [
        (lambda: find_channels("ask in #blue-heron"), 0.8),
        (lambda: find_repositories("git clone git@github.com:acme/secret-repo.git"), 0.85),
        (lambda: find_tickets("see PAY-123", ()), 0.8),
        (lambda: find_clocks("System Clock, 18:56:34"), 0.8),
        (lambda: find_clocks("18:56", "Clock"), 0.8),
        (lambda: Directory({"zorvald": PERSON}).find("ask Zorvald"), 1.0),
        (lambda: find_labelled_values("Phone: 0171 555 0123"), 0.9),
        (lambda: find_labelled_values("Phone:\n0171 555 0123"), 0.6),
        (lambda: find_typed_value("Zorvald", "First name"), 0.9),
        (lambda: find_addresses("ann (a) example , com"), 0.8),
        (lambda: find_addresses("at 192,168. 1.2O"), 0.8),
        (lambda: find_tokens("use AKlAI0SF0DNN7EXAMPLE"), 0.9),
        (lambda: find_east_asian_names("请联系王小明确认会议时间"), 0.6),
        (lambda: find_titled_names("김서연 님이 댓글을 남겼습니다"), 0.6),
        (lambda: KnownValues([(PERSON, "Valentina Fontaine")]).find_clipped("Re: Valentina Fon...", []), 0.9),
        (lambda: find_half_typed("[6] text 'ask Mar'", ("ask ", "Marta", PERSON)), 0.9),
        (lambda: BegunValues([("my number is ", "4081", EntityType.CREDIT_CARD)]).find_cut("numberis 4"), 0.9),
        (lambda: Phrases(["blue heron"], EntityType.PROJECT).find("a Blue Heron"), 1.0),
        (lambda: PatternDetector(RedactSettings()).detect([Text("4812", TextKind.CLIPBOARD)])[0], 0.4),
    ],
)
def test_what_is_found_has_the_score_of_its_finder(find: Callable[[], Iterable[Span]], score: float) -> None:
    assert {span.score for span in find()} == {score}
