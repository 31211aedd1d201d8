"""A release on S3: the protocol of publishing and erasing, kills included, and what its errors say."""

import gc
import io
import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from keyveil.location import locate
from schemas.errors import FailedError, RefusedError, UsageError
from tests.dataset.test_erase import test_a_second_erasure_of_the_same_person_changes_nothing as _erased_twice
from tests.dataset.test_publish import RELEASES, Runs
from tests.dataset.test_publish import test_runs_that_publish_at_once_lose_nothing_and_write_nothing_twice as _at_once
from tests.support.kill_points import KILLED, in_child
from tests.support.s3 import REGION, kill_before_request, s3_client
from transforms.dataset.codec import decode
from transforms.dataset.verify.dataset import DatasetVerifier
from transforms.keys.key_set import KeySet
from transforms.object_store import s3
from transforms.object_store.addresses import list_metadata, normal_uri, open_store
from transforms.object_store.interface import VersionedObject
from transforms.object_store.s3_reader import RangeReader
from transforms.object_store.s3_server import find_server

# the same tests as of folders and Cloud Storage
test_runs_that_publish_at_once_lose_nothing_and_write_nothing_twice = _at_once
test_a_second_erasure_of_the_same_person_changes_nothing = _erased_twice


@pytest.fixture
def runs(s3_bucket: str, tmp_path: Path, keys: KeySet) -> Runs:
    return Runs(f"{s3_bucket}/data", tmp_path / "staging", keys)


@pytest.mark.parametrize("at", [3, 7, 11, 13])
def test_a_kill_before_any_request_shows_nothing_half_written_and_a_re_run_completes_it(
    runs: Runs, s3_server: str, at: int
) -> None:
    def publish() -> int:
        client = s3_client(s3_server)
        kill_before_request(client, at)
        s3.client = lambda: client
        runs.publish()
        return 0

    assert in_child(publish) == KILLED
    left = runs.sealed()
    assert left is None or runs.publish() == left
    runs.publish()
    examined = DatasetVerifier(runs.store, runs.keys.verifying(), runs.keys.reader()).verify()
    assert examined.findings == ()
    catalog = runs.catalog()
    assert catalog is not None
    assert catalog.current == RELEASES[0]


def test_the_shards_of_an_input_are_the_same_clear_rows_everywhere(
    s3_bucket: str, gcs: object, tmp_path: Path, keys: KeySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transforms.object_store import gcs as bucket  # noqa: PLC0415

    monkeypatch.setattr(bucket, "client", lambda: gcs)
    gcs.create_bucket("same-rows")  # type: ignore[attr-defined]
    found = []
    for output in (str(tmp_path / "out"), "gs://same-rows/data", f"{s3_bucket}/data"):
        runs = Runs(output, tmp_path / "staging", keys)
        runs.publish()
        content = {name: seen for name, seen in runs.content().items() if name.endswith("parquet")}
        found.append({name: decode(seen, keys.reader()) for name, seen in content.items()})
    folder, google, amazon = found
    assert len(folder) > 2
    assert folder.keys() == google.keys() == amazon.keys()  # a name is a keyed digest of the clear content
    assert all(folder[name].equals(google[name]) and folder[name].equals(amazon[name]) for name in folder)


def test_objects_are_described_without_being_read_and_the_probe_is_not_listed(s3_bucket: str) -> None:
    store = open_store(f"{s3_bucket}/some")
    assert store.put_if_absent("a/b", b"one")
    found = list_metadata(f"{s3_bucket}/some")
    assert [(name, item.bytes) for name, item in found.items()] == [(f"{s3_bucket}/some/a/b", 3)]
    seen = store.get("a/b")
    assert seen is not None
    assert found[f"{s3_bucket}/some/a/b"].digest == f"etag:{seen.version}"
    assert store.names() == ["a/b"]
    assert store.exists(s3.PROBE)


class _Careless:
    """A server that takes every request and looks at some conditions only."""

    def __init__(self, ignores: str) -> None:
        self._ignores, self.written = ignores, 0

    def put_object(self, **words: object) -> None:
        self.written += 1
        if self.written > 1 and self._ignores not in words:
            raise _refusal(412, "PreconditionFailed")


def _refusal(status: int, code: str) -> s3.ClientError:
    answer = {"Error": {"Code": code, "Message": "secret"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return s3.ClientError(answer, "PutObject")


@pytest.mark.parametrize("ignored", ["IfNoneMatch", "IfMatch"])
def test_a_server_that_ignores_conditions_is_refused_before_anything_is_written(ignored: str) -> None:
    server = _Careless(ignored)
    store = s3.S3Store(server, "b", "")
    for _ in range(2):
        with pytest.raises(RefusedError, match="ignores If-None-Match or If-Match"):
            store.put_if_absent("x", b"content")


class _Answering:
    """A client whose uploads are answered by what it was given, in order; ``None`` is success."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)

    def put_object(self, **_: object) -> None:
        answer = self.answers.pop(0)
        if answer is not None:
            raise answer


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3.S3Store, "check_conditions", lambda _: None)
    monkeypatch.setattr(s3, "_WAIT_S", 0.0)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("conflicts", "written"), [(9, True), (10, False)])
def test_a_conflict_is_tried_ten_times(conflicts: int, written: bool) -> None:
    client = _Answering(*[_refusal(409, "ConditionalRequestConflict")] * conflicts, None)
    store = s3.S3Store(client, "b", "")
    if written:
        assert store.put_if_absent("x", b"")
    else:
        with pytest.raises(FailedError, match="answered 409"):
            store.put_if_absent("x", b"")


@pytest.mark.usefixtures("trusted")
def test_a_missing_object_counts_as_changed_and_a_missing_bucket_fails() -> None:
    gone = s3.S3Store(_Answering(_refusal(404, "NoSuchKey")), "b", "")
    assert not gone.compare_and_swap("x", b"", '"etag"')
    for act in (lambda store: store.compare_and_swap("x", b"", '"e"'), lambda store: store.put_if_absent("x", b"")):
        with pytest.raises(FailedError, match="make the bucket"):
            act(s3.S3Store(_Answering(_refusal(404, "NoSuchBucket")), "b", ""))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (403, "AccessDenied", "grant s3:ListBucket"),
        (403, "ExpiredToken", "renew the credentials"),
        (301, "PermanentRedirect", "set AWS_REGION"),
        (403, "RequestTimeTooSkewed", "set the clock"),
        (501, "NotImplemented", "conditional writes"),
        (400, "made up by a server", "answered 400; fix the access"),
        (403, "403", "answered 403 AccessDenied"),
    ],
)
def test_an_error_says_what_to_do_and_nothing_of_the_servers_text(status: int, code: str, says: str) -> None:
    with pytest.raises(FailedError, match=says) as raised:
        s3.S3Store(_Answering(_refusal(status, code)), "b", "p/").put_if_absent("x", b"")
    assert str(raised.value).startswith("s3://b/p/x: the bucket answered")
    assert "secret" not in str(raised.value)
    assert "made up" not in str(raised.value)


def test_an_unreachable_server_is_named_by_its_variable() -> None:
    client = s3_client("http://127.0.0.1:9")
    client.meta.events.register("needs-retry.s3", lambda **_: None)
    store = s3.S3Store(client, "b", "")
    with pytest.raises(FailedError, match="KEYVEIL_S3_ENDPOINT"):
        store.exists("x")


@pytest.mark.parametrize(
    ("environment", "server"),
    [
        ({}, None),
        ({"KEYVEIL_S3_ENDPOINT": ""}, None),
        ({"KEYVEIL_S3_ENDPOINT": "https://storage.example.com/"}, "https://storage.example.com"),
        ({"KEYVEIL_S3_ENDPOINT": "http://127.0.0.1:9000"}, "http://127.0.0.1:9000"),
        (
            {"KEYVEIL_S3_ENDPOINT": "https://s.example:9000", "AWS_ENDPOINT_URL": "https://s.example:9000"},
            "https://s.example:9000",
        ),
    ],
)
def test_the_server_is_amazons_or_the_named_one(environment: dict[str, str], server: str | None) -> None:
    assert find_server(environment) == server


@pytest.mark.parametrize(
    ("environment", "error", "says"),
    [
        ({"AWS_ENDPOINT_URL": "https://x.example"}, RefusedError, "AWS_ENDPOINT_URL sends storage to another"),
        (
            {"AWS_ENDPOINT_URL_S3": "https://x.example", "KEYVEIL_S3_ENDPOINT": "https://y.example"},
            RefusedError,
            "AWS_ENDPOINT_URL_S3 sends",
        ),
        ({"KEYVEIL_S3_ENDPOINT": "http://storage.example.com"}, UsageError, "must be https://"),
        ({"KEYVEIL_S3_ENDPOINT": "https://h.example/path"}, UsageError, "must be https://"),
        ({"KEYVEIL_S3_ENDPOINT": "https://me:secret@h.example"}, UsageError, "must be https://"),
        ({"KEYVEIL_S3_ENDPOINT": "https://:secret@h.example"}, UsageError, "must be https://"),
        ({"KEYVEIL_S3_ENDPOINT": "https://@h.example"}, UsageError, "must be https://"),
        ({"KEYVEIL_S3_ENDPOINT": "https://h.example#secret"}, UsageError, "must be https://"),
        ({"KEYVEIL_S3_ENDPOINT": "https://h.example?a=secret"}, UsageError, "must be https://"),
        ({"KEYVEIL_S3_ENDPOINT": "https://[secret"}, UsageError, "must be https://"),
        ({"KEYVEIL_S3_ENDPOINT": "https://h.example:secret"}, UsageError, "must be https://"),
        ({"KEYVEIL_S3_ENDPOINT": "https://"}, UsageError, "must be https://"),
        ({"KEYVEIL_S3_ENDPOINT": "storage.example.com"}, UsageError, "must be https://"),
    ],
)
def test_another_server_is_refused(environment: dict[str, str], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as raised:
        find_server(environment)
    assert "secret" not in str(raised.value)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away every credential and region that the machine may have."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "KEYVEIL_S3")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    s3.client.cache_clear()


@pytest.mark.usefixtures("bare")
def test_region_and_credentials_are_asked_for_in_one_sentence_each(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RefusedError, match="AWS_REGION"):
        open_store("s3://bucket/data")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with pytest.raises(RefusedError, match="no S3 credentials"):
        open_store("s3://bucket/data")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    monkeypatch.setenv("KEYVEIL_S3_ENDPOINT", "https://storage.example.com")
    store = open_store("s3://bucket/data")
    assert isinstance(store, s3.S3Store)
    assert store.client.meta.endpoint_url == "https://storage.example.com"
    s3.client.cache_clear()


@pytest.mark.usefixtures("bare")
def test_a_profile_does_not_redirect_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = "[default]\nregion = eu-central-1\nendpoint_url = https://elsewhere.example\n"
    (tmp_path / "config").write_text(config)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    assert s3.client().meta.endpoint_url == f"https://s3.{REGION}.amazonaws.com"
    s3.client.cache_clear()


class _Content:
    """A client that serves one content by ranges, the first answer of each range cut short."""

    def __init__(self, content: bytes) -> None:
        self.content, self.asked, self.cut = content, [], set[str]()

    def get_object(self, **words: str) -> dict[str, Any]:
        start, end = (int(number) for number in words["Range"].removeprefix("bytes=").split("-"))
        self.asked.append((start, end))
        assert words["IfMatch"] == "etag"
        if words["Range"] not in self.cut:
            self.cut.add(words["Range"])
            return {"Body": _Cut()}
        return {"Body": io.BytesIO(self.content[start : end + 1])}


class _Cut:
    def read(self) -> bytes:
        raise s3.BotoCoreError


def test_ranges_are_read_as_a_file_is() -> None:
    client = _Content(bytes(range(100)))
    raw = RangeReader(client, {}, "etag", 100)
    with io.BufferedReader(raw, 10) as file:
        assert file.read(3) == bytes([0, 1, 2])
        assert client.asked == [(0, 9)] * 2
        assert file.seek(-5, os.SEEK_END) == 95
        assert file.read() == bytes(range(95, 100))
        assert file.read() == b""
        assert file.seek(50) == 50
        assert file.seek(1, os.SEEK_CUR) == 51
        assert len(file.read()) == 49
        assert client.asked[-1] == (51, 99)
    with pytest.raises(ValueError, match="before the start"):
        RangeReader(client, {}, "etag", 100).seek(-1)


class _CutShort:
    """A client whose first answers are cut short; ``asked`` counts requests."""

    def __init__(self, cut: int) -> None:
        self.cut, self.asked = cut, 0

    def get_object(self, **_: str) -> dict[str, Any]:
        self.asked += 1
        return {"Body": _Cut() if self.asked <= self.cut else io.BytesIO(b"whole"), "ETag": "1"}


def test_an_answer_that_is_cut_short_is_asked_for_six_times() -> None:
    client = _CutShort(5)
    assert s3.S3Store(client, "b", "").get("x") == VersionedObject(b"whole", "1")
    assert client.asked == 6
    with pytest.raises(FailedError, match="could not be reached"):
        s3.S3Store(_CutShort(6), "b", "").get("x")


class _Gone:
    """A client that reaches no server, after all that it tried itself; ``asked`` counts requests."""

    asked = 0

    def get_object(self, **_: str) -> dict[str, Any]:
        self.asked += 1
        raise s3.BotoCoreError


def test_a_server_that_is_gone_is_not_asked_again_and_again() -> None:
    client = _Gone()
    with pytest.raises(FailedError, match="could not be reached"):
        s3.S3Store(client, "b", "").get("x")
    assert client.asked == 1


def test_conditions_are_tried_once_for_a_client_and_bucket_and_again_for_another_client() -> None:
    refused = _refusal(412, "PreconditionFailed")
    client = _Answering(None, refused, refused, None, refused, refused)
    for bucket in ("a", "a", "b"):
        s3.S3Store(client, bucket, "").check_conditions()
    assert client.answers == []
    known = len(s3._TRIED)
    del client, refused  # the error remembers where it was raised
    gc.collect()
    assert len(s3._TRIED) == known - 1  # another one at the same place in memory is not taken for it


def test_an_object_that_is_replaced_while_it_is_read_fails(s3_bucket: str) -> None:
    store = open_store(s3_bucket)
    store.put_if_absent("x", b"one")
    seen = store.get("x")
    assert seen is not None

    def read_while_it_is_replaced() -> None:
        with store.open("x") as file:
            assert store.compare_and_swap("x", b"two", seen.version)
            file.read()

    with pytest.raises(FailedError, match="replaced while it was read"):
        read_while_it_is_replaced()


@pytest.mark.parametrize("scheme", ["s3", "gs"])
@pytest.mark.parametrize("bucket", ["key:secret@acme", "key@acme", "acme:9000"])
def test_credentials_in_an_address_are_refused_and_not_repeated(scheme: str, bucket: str) -> None:
    for read in (normal_uri, partial(locate, filesystem=None)):
        with pytest.raises(UsageError, match="without credentials") as raised:
            read(f"{scheme}://{bucket}/data")
        assert bucket not in str(raised.value)
