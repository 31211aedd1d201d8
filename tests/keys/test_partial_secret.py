"""A reader gets the keys of some classes of columns, and nothing that opens the others."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import FailedError, RefusedError, UsageError
from schemas.safe import SENSITIVITIES
from tests.support.keysets import opened
from transforms.keys.key_set import KeyRole, export_reader
from transforms.keys.partial_secret import PartialSecret
from transforms.keys.reader_keys import ReaderKeys, class_name, read_verifying
from transforms.keys.rotation import rotate

PART = PartialSecret("data", "0" * 16, {("parquet", "a"): b"k" * 32, ("b",): b"o" * 32})


def test_a_part_gives_the_keys_that_it_holds_and_no_other() -> None:
    assert PART.derive("parquet", "a") == b"k" * 32
    assert PART.holds("b")
    assert not PART.holds("a")
    with pytest.raises(RefusedError, match="leave the column out"):
        PART.derive("parquet", "b")


def test_a_part_is_read_as_it_was_written() -> None:
    assert PartialSecret.from_json(PART.to_json().encode(), "data") == PART


@pytest.mark.parametrize(
    "change",
    [
        {"role": "signing"},
        {"form": 0},
        {"form": 2},
        {"form": None},
        {"held": []},
        {"held": [[["a"], "AAAA"]]},
        {"held": [[["a"], "not base64"]]},
        {"held": [["a"]]},
        {"key_id": ...},
    ],
)
def test_a_damaged_part_or_one_of_another_role_is_refused(change: dict[str, Any]) -> None:
    form = {name: value for name, value in (json.loads(PART.to_json()) | change).items() if value is not ...}
    with pytest.raises(RefusedError, match="damaged"):
        PartialSecret.from_json(json.dumps(form).encode(), "data")
    with pytest.raises(RefusedError, match="damaged"):
        PartialSecret.from_json(b"{", "data")


@pytest.mark.parametrize("sensitivity", SENSITIVITIES)
def test_a_reader_of_some_classes_opens_those_and_no_later_one(folder: Path, sensitivity: str) -> None:
    rotate(folder, KeyRole.DATA)
    whole = opened(folder).reader()
    narrow = whole.up_to(sensitivity)
    last = SENSITIVITIES.index(sensitivity)
    for secret in (whole.data, *whole.retired):
        for place, other in enumerate(SENSITIVITIES):
            name = class_name(secret, other)
            sealed = whole.wrap(name, b"f" * 16)
            assert whole.unwrap(name, sealed) == b"f" * 16
            assert whole.opens(secret.key_id, other)
            assert narrow.opens(secret.key_id, other) == (place <= last)
            if place <= last:
                assert narrow.unwrap(name, sealed) == b"f" * 16
            else:
                with pytest.raises(RefusedError, match="without the key of this column"):
                    narrow.unwrap(name, sealed)
        assert narrow.opens(secret.key_id, "footer")
    assert len(narrow.retired) == 1
    assert not whole.opens("another", sensitivity)


def test_a_class_that_does_not_exist_and_a_key_that_is_not_held_are_refused(folder: Path) -> None:
    reader = opened(folder).reader()
    with pytest.raises(UsageError, match="up to one of"):
        reader.up_to("everything")
    for name in ("data/0123456789abcdef/id", f"signing/{reader.data.key_id}/id", f"data/{reader.data.key_id}"):
        with pytest.raises(FailedError, match="does not hold"):
            reader.unwrap(name, b"x" * 60)


def test_an_exported_reader_reads_back_and_a_link_or_a_damaged_one_is_refused(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "reader.json"
    export_reader(folder, file)
    assert ReaderKeys.open(file).to_json() == opened(folder).reader().to_json()
    (tmp_path / "link.json").symlink_to(file)
    with pytest.raises(RefusedError, match="no link"):
        ReaderKeys.open(tmp_path / "link.json")
    with pytest.raises(RefusedError, match="missing"):
        ReaderKeys.open(tmp_path / "nothing.json")
    form = json.loads(file.read_text())
    for damaged in ({**form, "data": []}, {**form, "verifying": []}, {**form, "verifying": ["x"]}, []):
        file.write_text(json.dumps(damaged))
        with pytest.raises(RefusedError, match="damaged"):
            ReaderKeys.open(file)


def test_a_key_file_that_others_may_read_or_that_is_no_plain_file_is_refused(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "reader.json"
    export_reader(folder, file)
    file.chmod(0o640)
    with pytest.raises(RefusedError):
        ReaderKeys.open(file)
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(RefusedError, match="plain file"):
        ReaderKeys.open(tmp_path / "pipe")


def test_a_verifying_key_is_read_from_its_file_and_nothing_else_is_one(folder: Path, tmp_path: Path) -> None:
    (public,) = read_verifying(folder / "signing.public.pem")
    assert public == opened(folder).signing_public()
    (tmp_path / "no.pem").write_text("no key")
    for path in (tmp_path / "no.pem", tmp_path / "nothing.pem", folder / "signing.private.pem"):
        with pytest.raises(RefusedError, match=r"is no verifying key|nothing.pem cannot be read"):
            read_verifying(path)
