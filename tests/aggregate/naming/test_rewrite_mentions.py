"""Names that a session may mention."""

from transforms.aggregate.naming.rewrite_mentions import AdmittedNames


def test_every_admitted_name_is_listed_and_that_a_row_has_none_is_no_name() -> None:
    named = AdmittedNames(frozenset({"mail", None}), frozenset({"site.example", None}), frozenset({"mail", "word"}))
    assert sorted(named.words()) == ["mail", "site.example"]
