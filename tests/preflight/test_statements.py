"""Denials of a bucket policy of S3: the principals that several of them leave out together."""

from typing import Any

import pytest

from tests.preflight.s3_world import BUCKET, denial
from transforms.preflight.s3.statements import denies_clear_transport, find_undenied

ROLE = "arn:aws:iam::123456789012:role/"


def undenied(*excepted: tuple[str, ...], **changes: Any) -> frozenset[str] | None:
    statements = [denial(["s3:GetObject"], *(ROLE + name for name in names)) | changes for names in excepted]
    found = find_undenied({"Statement": statements}, BUCKET, "s3:GetObject")
    return None if found is None else frozenset(name.removeprefix(ROLE) for name in found)


@pytest.mark.parametrize(
    ("excepted", "left"),
    [
        ([("train", "other"), ("train",)], {"train"}),
        ([("train",), ("other",)], set()),
        ([("*",), ("other",)], {"other"}),  # the pattern leaves the other role out as well
        ([("other",), ("*",)], {"other"}),
        ([("other",), ("o?her", "train")], {"other"}),
        ([("a*",), ("*b",)], {"a*", "*b"}),  # ab may exist
        ([("a?",), ("?b",)], {"a?", "?b"}),
        ([("a*", "train"), ("train",)], {"train"}),
        ([("*",), ("*",), ("other",)], {"other"}),
        ([("a*",), ("other",)], set()),
    ],
)
def test_several_denials_leave_out_those_whom_each_may_leave_out(
    excepted: list[tuple[str, ...]], left: set[str]
) -> None:
    assert undenied(*excepted) == left


def test_without_a_denial_nobody_is_denied() -> None:
    assert undenied() is None
    assert undenied(("train",), Action=["s3:PutObject"]) is None


ARN = f"arn:aws:s3:::{BUCKET}"


@pytest.mark.parametrize(
    ("resources", "whole"),
    [
        ([ARN, f"{ARN}/*"], True),
        ([f"{ARN}*"], True),
        (["*"], True),
        ([f"{ARN}/*"], False),
        ([ARN], False),
        ([ARN, f"{ARN}/any/*"], False),
        ([ARN, f"{ARN}/*t"], False),
        ([ARN, f"{ARN}?*"], False),
        ([f"{ARN[:-1]}*"], False),  # covers it too; another form than those that are written here is not relied on
        ([], False),
    ],
)
def test_a_denial_counts_on_the_whole_bucket(resources: list[str], whole: bool) -> None:
    assert (undenied(("train",), Resource=resources) == {"train"}) is whole
    assert (undenied(("train",), Resource=resources) is None) is not whole
    assert denies_clear_transport({"Statement": [clear_denial("s3:*", resources)]}, BUCKET) is whole


@pytest.mark.parametrize(
    ("actions", "denied"),
    [("s3:*", True), (["s3:GetObject", "*"], True), ("S3:*", True), ("s3:?", False), ("s3:Get*", False), ([], False)],
)
def test_a_denial_of_clear_transport_is_of_every_action(actions: object, denied: bool) -> None:
    assert denies_clear_transport({"Statement": [clear_denial(actions, ["*"])]}, BUCKET) is denied


def clear_denial(actions: object, resources: list[str]) -> dict[str, object]:
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    return {"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": resources, "Condition": condition}


def test_a_pattern_of_many_stars_is_matched_at_once() -> None:
    """Regression: each further star took four times as long."""
    assert undenied(("*a" * 40 + "*b",), ("a" * 60,)) == set()
    assert undenied(("*a" * 40 + "*b",), ("a" * 60 + "b",)) == {"a" * 60 + "b"}
    assert undenied(("[a]*",), ("a1",)) == set()
    assert undenied(("[a]*",), ("[a]1",)) == {"[a]1"}
