"""Records of earlier verifications: a release that is new, changed or next in turn is read, the others are compared."""

from typing import Any

import pytest

from schemas.errors import UsageError
from transforms.dataset.verify.reading_record import (
    ReadingRecord,
    ReadRelease,
    Verification,
    decode_record,
    encode_record,
)
from transforms.object_store.interface import ObjectMetadata


def read_release(number: int, name: str = "", *, decoded: bool = True) -> ReadRelease:
    return ReadRelease("sha", number, decoded, {name: "3 md5:a"} if name else {})


def reading(record: ReadingRecord, *, decoded: bool = True, **files: str) -> Verification:
    return Verification(record, {name: ObjectMetadata(3, digest) for name, digest in files.items()}, decoded)


def test_the_release_that_was_read_longest_ago_is_read_and_the_rest_kept() -> None:
    record = ReadingRecord({"a": read_release(5), "b": read_release(4), "c": read_release(6)})
    now = reading(record)
    assert [now.keep(release_id, "sha") for release_id in "abcd"] == [True, False, True, False]
    assert (now.read, set(now.result(None).releases)) == (2, {"a", "c"})
    assert set(now.result("a").releases) == {"a", "b", "c"}
    assert set(now.result("b").releases) == {"a", "c"}


@pytest.mark.parametrize(("listed", "kept"), [("md5:a", True), ("md5:b", False), ("", False)])
def test_a_release_with_a_file_that_the_listing_describes_otherwise_is_read(listed: str, kept: bool) -> None:
    record = ReadingRecord({"old": read_release(1), "r": read_release(2, "f")})
    assert reading(record, **({"f": listed} if listed else {})).keep("r", "sha") is kept
    assert not reading(record, f="md5:a").keep("r", "another manifest")


@pytest.mark.parametrize(("before", "now", "kept"), [(True, False, True), (False, False, True), (False, True, False)])
def test_a_release_whose_rows_were_not_read_is_read_once_they_can_be(before: bool, now: bool, kept: bool) -> None:
    record = ReadingRecord({"old": read_release(1), "r": read_release(2, decoded=before)})
    assert reading(record, decoded=now).keep("r", "sha") is kept


def test_what_was_read_is_numbered_and_a_file_that_came_after_the_listing_is_read_next_time() -> None:
    manifest: Any = type("Signed", (), {"release_id": "r", "encryption": "none"})
    now = reading(ReadingRecord({"a": read_release(7)}), decoded=False, f="md5:a")
    now.add(manifest, "sha", ["f", "later"])
    assert "r" not in now.kept
    now.add(manifest, "sha", ["f"])
    assert now.kept["r"] == read_release(8, "f")
    manifest.encryption = "sealed"
    now.add(manifest, "sha", [])
    assert not now.kept["r"].decoded


def test_a_record_is_read_as_it_was_written_and_nothing_else_is() -> None:
    records = {"home": ReadingRecord({"r": read_release(1, "f")})}
    assert decode_record(encode_record(records), "it") == records
    assert decode_record(None, "it") == {}
    for content in (b"", b"[]", b'{"keyveil/verified/2": {}}', b'{"keyveil/verified/1": {"home": {"r": {}}}}'):
        with pytest.raises(UsageError, match="it is no record"):
            decode_record(content, "it")
