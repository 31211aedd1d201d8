"""Statements of a bucket policy of S3: who may still act after all denials, and which actions are allowed to whom."""

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_EXCEPT = frozenset({"ArnNotEquals", "ArnNotLike", "StringNotEquals", "StringNotLike"})
_PRINCIPAL = "aws:principalarn"
_EVERYBODY: Sequence[Any] = ("*", {"AWS": "*"}, {"AWS": ["*"]})
_EVERY_ACTION = frozenset({"*", "s3:*"})
_PATTERN_SIGNS = frozenset("*?")
_CLEAR = [("Bool", "aws:securetransport", (word,)) for word in ("false", "False")]
"""Conditions that hold for a request without TLS, in the ways that YAML and JSON write the word."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Principals and actions that one statement allows, as written there; ``unclear`` if it has another form."""

    principals: tuple[str, ...]
    actions: tuple[str, ...]
    unclear: bool


def list_allowed(policy: Mapping[str, Any]) -> list[Allowed]:
    """List what the statements allow; conditions are left aside, so it is never less than what they do allow."""
    found = []
    for statement in _statements(policy, "Allow"):
        principal = statement.get("Principal")
        named = principal.get("AWS") if isinstance(principal, dict) and set(principal) == {"AWS"} else None
        unclear = named is None or "Action" not in statement
        found.append(Allowed(_words(named or "*"), _words(statement.get("Action", "*")), unclear))
    return found


def find_undenied(policy: Mapping[str, Any], bucket: str, action: str) -> frozenset[str] | None:
    """Find the principals that no statement denies ``action``; ``None``: nobody is denied it.

    A denial counts if it is for everybody but principals by name, on the bucket and all of its objects:
    ``{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [BUCKET, BUCKET/*],
    "Condition": {"ArnNotEquals": {"aws:PrincipalArn": [...]}}}``.
    """
    left: frozenset[str] | None = None
    for statement in _statements(policy, "Deny"):
        excepted = _list_exceptions(statement.get("Condition"))
        denied = any(_matches(item, action.lower()) for item in _actions(statement))
        if excepted is not None and denied and _is_general(statement, bucket):
            left = excepted if left is None else _meet(left, excepted)
    return left


def _meet(some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Return the principals that both denials leave out; of two patterns that may name one principal, both.

    ``role/train`` and ``role/*`` leave ``role/train``; ``role/a*`` and ``role/*b`` leave both (``role/ab``).
    """
    return frozenset(name for one in some for other in others for name in _meet_names(one, other))


def _meet_names(one: str, other: str) -> tuple[str, ...]:
    patterns = [name for name in (one, other) if not _PATTERN_SIGNS.isdisjoint(name)]
    if len(patterns) == 2 and one != other:  # noqa: PLR2004 - both are patterns
        return one, other
    if _matches(one, other):
        return (other,)
    return (one,) if _matches(other, one) else ()


def denies_clear_transport(policy: Mapping[str, Any], bucket: str) -> bool:
    """Return whether a statement denies every action without TLS."""
    return any(
        _single(statement.get("Condition")) in _CLEAR
        and not _EVERY_ACTION.isdisjoint(_actions(statement))
        and _is_general(statement, bucket)
        for statement in _statements(policy, "Deny")
    )


def _statements(policy: Mapping[str, Any], effect: str) -> Iterator[Mapping[str, Any]]:
    found = policy.get("Statement", [])
    for statement in [found] if isinstance(found, dict) else found:
        if statement["Effect"] == effect:
            yield statement


def _is_general(statement: Mapping[str, Any], bucket: str) -> bool:
    """Return whether a denial is for everybody, and covers the bucket with all of its objects.

    Any other pattern, such as ``bucket/a*``, may leave some objects out.
    """
    resources = {item.rpartition(":::")[2] for item in _words(statement.get("Resource", ()))}
    covered = not resources.isdisjoint({"*", f"{bucket}*"}) or resources >= {bucket, f"{bucket}/*"}
    return covered and statement.get("Principal") in _EVERYBODY


def _actions(statement: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(item.lower() for item in _words(statement.get("Action", ())))


def _matches(pattern: str, name: str) -> bool:
    return fnmatch.fnmatchcase(name, pattern.replace("[", "[[]"))  # brackets mean themselves there


def _list_exceptions(condition: Any) -> frozenset[str] | None:
    """Return the principals that the condition of a denial leaves out by name; ``None`` if it is another condition."""
    found = _single(condition)
    if found is None or found[0] not in _EXCEPT or found[1] != _PRINCIPAL:
        return None
    return frozenset(found[2])


def _single(condition: Any) -> tuple[str, str, tuple[str, ...]] | None:
    """Return operator, key in lower case and values of a condition; ``None`` unless it has one of each."""
    if not isinstance(condition, dict) or len(condition) != 1:
        return None
    ((operator, keys),) = condition.items()
    if len(keys) != 1:
        return None
    ((key, values),) = keys.items()
    return operator, key.lower(), _words(values)


def _words(value: Any) -> tuple[str, ...]:
    return tuple(str(word) for word in value) if isinstance(value, list | tuple) else (str(value),)
