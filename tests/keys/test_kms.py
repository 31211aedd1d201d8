"""The data key in KMS, against a server on 127.0.0.1 that speaks its protocol and keeps one AES key a name."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import google_crc32c
import grpc
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.cloud import kms_v1
from google.cloud.kms_v1.services.key_management_service.transports import KeyManagementServiceGrpcTransport

from schemas.errors import FailedError, RefusedError, UsageError
from tests.dataset.conftest import make_batch
from tests.support.keysets import opened
from transforms.dataset import codec
from transforms.dataset.codec import FileHeader, decode, encode
from transforms.dataset.settings import StoreSettings
from transforms.dataset.shards import in_total_order
from transforms.keys import kms
from transforms.keys.key_set import KeyRole, create_key_set, export_reader
from transforms.keys.kms import KmsKey
from transforms.keys.reader_keys import ReaderKeys
from transforms.keys.rotation import rotate

URI = "gcp-kms://projects/p/locations/europe-west3/keyRings/r/cryptoKeys/keyveil-{class}"
HEADER = FileHeader("r" * 26, "noised")


class Server:
    """Encrypts and decrypts; keys in ``denied`` answer 403, as a missing grant does."""

    def __init__(self) -> None:
        self.keys: dict[str, bytes] = {}
        self.denied: set[str] = set()
        self.calls: list[str] = []
        self.garble = False

    def encrypt(self, asked: kms_v1.EncryptRequest, context: grpc.ServicerContext) -> kms_v1.EncryptResponse:
        key, nonce = self._key(asked.name, context), os.urandom(12)
        sealed = nonce + key.encrypt(nonce, asked.plaintext, asked.additional_authenticated_data)
        checked = google_crc32c.value(asked.plaintext) == asked.plaintext_crc32c
        return kms_v1.EncryptResponse(
            ciphertext=sealed,
            ciphertext_crc32c=google_crc32c.value(sealed) + self.garble,
            verified_plaintext_crc32c=checked,
        )

    def decrypt(self, asked: kms_v1.DecryptRequest, context: grpc.ServicerContext) -> kms_v1.DecryptResponse:
        key, sealed = self._key(asked.name, context), asked.ciphertext
        try:
            clear = key.decrypt(sealed[:12], sealed[12:], asked.additional_authenticated_data)
        except InvalidTag:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "Decryption failed")
        return kms_v1.DecryptResponse(plaintext=clear, plaintext_crc32c=google_crc32c.value(clear) + self.garble)

    def _key(self, name: str, context: grpc.ServicerContext) -> AESGCM:
        self.calls.append(name)
        if name.rpartition("/")[2] in self.denied:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "cloudkms.cryptoKeyVersions.useToDecrypt denied")
        return AESGCM(self.keys.setdefault(name, os.urandom(32)))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    kept = Server()
    handlers = {
        "Encrypt": (kept.encrypt, kms_v1.EncryptRequest, kms_v1.EncryptResponse),
        "Decrypt": (kept.decrypt, kms_v1.DecryptRequest, kms_v1.DecryptResponse),
    }
    methods = {
        name: grpc.unary_unary_rpc_method_handler(act, asked.deserialize, answer.serialize)
        for name, (act, asked, answer) in handlers.items()
    }
    running = grpc.server(ThreadPoolExecutor(4))
    service = "google.cloud.kms.v1.KeyManagementService"
    running.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, methods),))
    port = running.add_insecure_port("127.0.0.1:0")
    running.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        client = kms_v1.KeyManagementServiceClient(transport=KeyManagementServiceGrpcTransport(channel=channel))
        monkeypatch.setattr(kms, "client", lambda: client)
        monkeypatch.setattr(codec, "_FACTORIES", {})
        yield kept
    running.stop(None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_key_set(tmp_path / "keys", KmsKey(URI))
    return tmp_path / "keys"


def test_shards_are_sealed_by_a_key_of_its_own_for_each_class(server: Server, folder: Path, tmp_path: Path) -> None:
    table = in_total_order([make_batch(1)])
    content = bytes(encode(table, HEADER, StoreSettings(), opened(folder).reader()))
    export_reader(folder, tmp_path / "reader.json")
    reader = ReaderKeys.open(tmp_path / "reader.json")
    assert decode(content, reader).equals(table)
    names = {name.rpartition("-")[2] for name in server.calls}
    assert names == {"footer", "id", "structure", "timing", "pointer", "text"}
    assert table["session"][0].as_py().encode() not in content
    assert b"keyveil" not in content


def test_a_reader_without_the_grant_of_a_class_reads_the_other_columns(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = opened(folder).reader()
    content = bytes(encode(in_total_order([make_batch(1)]), HEADER, StoreSettings(), reader))
    server.denied = {"keyveil-text"}
    monkeypatch.setattr(codec, "_FACTORIES", {})
    assert decode(content, reader, ["session", "seq", "kind"]).num_rows
    with pytest.raises((RefusedError, FailedError)):
        decode(content, reader, ["text"])
    with pytest.raises(RefusedError, match="ask its owner"):
        reader.unwrap(f"data/{reader.data.key_id}/text", b"x" * 40)


def test_kms_is_asked_once_a_class_and_not_once_a_file(server: Server, folder: Path) -> None:
    reader = opened(folder).reader()
    for seed in range(6):
        encode(in_total_order([make_batch(seed)]), HEADER, StoreSettings(), reader)
    assert len(server.calls) == 6


def test_a_name_a_byte_or_a_checksum_that_differs_is_refused(server: Server, folder: Path) -> None:
    reader = opened(folder).reader()
    name, other = (f"data/{reader.data.key_id}/{part}" for part in ("text", "id"))
    wrapped = reader.wrap(name, b"k" * 32)
    assert reader.unwrap(name, wrapped) == b"k" * 32
    altered = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
    for wrong in (lambda: reader.unwrap(other, wrapped), lambda: reader.unwrap(name, altered)):
        with pytest.raises(FailedError):
            wrong()
    server.garble = True
    for act in (lambda: reader.wrap(name, b"k" * 32), lambda: reader.unwrap(name, wrapped)):
        with pytest.raises(FailedError, match="give"):
            act()


def test_a_data_key_moves_to_kms_and_old_shards_still_open(server: Server, tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    table = in_total_order([make_batch(1)])
    before = bytes(encode(table, HEADER, StoreSettings(), opened(tmp_path / "keys").reader()))
    assert server.calls == []
    assert rotate(tmp_path / "keys", KeyRole.DATA, KmsKey(URI)) == KmsKey(URI).key_id
    reader = opened(tmp_path / "keys").reader()
    assert decode(before, reader).equals(table)
    assert decode(bytes(encode(table, HEADER, StoreSettings(), reader)), reader).equals(table)
    with pytest.raises(UsageError, match="rotate it there"):
        rotate(tmp_path / "keys", KeyRole.DATA)


def test_the_key_set_holds_a_reference_and_no_secret(folder: Path) -> None:
    assert "secret" not in (folder / "data.json").read_text()
    keys = opened(folder)
    assert keys.reader().data == KmsKey(URI)
    with pytest.raises(UsageError, match="is in KMS"):
        keys.derive(KeyRole.DATA, "a")


@pytest.mark.parametrize(
    "uri", ["", "gcp-kms://", "gcp-kms://projects/p", "aws-kms://x", URI.replace("{class}", "{other}"), URI + "/x"]
)
def test_other_names_are_wrong_use(uri: str) -> None:
    with pytest.raises(UsageError, match="gcp-kms"):
        KmsKey(uri)
