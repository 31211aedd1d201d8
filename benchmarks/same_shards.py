"""One recording released by ``keyveil run`` into a folder, Cloud Storage and S3: the shards are the same clear bytes.

Run: python -m benchmarks.same_shards

The three runs have a private state each, with the same run secret in it. The services are the stand-ins of the tests:
fake-gcs-server, and moto's S3; what the preflight of a bucket would find is scripted. Each release is verified at its
place with a reader's keys. Exits 1 unless names, clear bytes of every shard, counts and release id are the same.
"""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.cli.main import main as run_command
from pipelines.config import load_config
from pipelines.output import Output
from pipelines.release import run as running
from pipelines.release.prepare import RunRequest, prepare
from tests.support.basis import SETTINGS, WORDS
from tests.support.gcs import client_of, fake_gcs
from tests.support.nights import keyveil
from tests.support.s3 import create_bucket, moto_s3, s3_client
from tests.support.scripted_preflight import Scripted
from transforms.dataset.codec import decode
from transforms.keys.key_set import KeyReference, KeySet
from transforms.object_store import gcs, s3
from transforms.object_store.addresses import open_store
from transforms.preflight.verdict import BucketState
from transforms.privacy.run_key import RunKeyReference, mint

_EXAMPLES = Path(__file__).parents[1] / "examples"
_LOG, _CONSENT = str(_EXAMPLES / "recordings" / "synthetic-office.jsonl"), str(_EXAMPLES / "consent.csv")
_STATE = BucketState("7", "etag")


def mint_run_key(home: Path, output: str) -> str:
    """Draw the run secret of the release, once, and return the release's id."""
    request = RunRequest(
        inputs=(_LOG,),
        output=Output.at(output),
        consent=_CONSENT,
        keys=str(home / "keys"),
        dataset="sessions",
        format=None,
        user=None,
        subjects=None,
        state=str(home / "first-state"),
        runner="DirectRunner",
        trace=None,
        trace_clear=False,
        beam_flags=(),
    )
    prepared = prepare(request, load_config(None, SETTINGS, None))
    secret = home / "first-state" / "run-keys" / prepared.release_id
    secret.parent.mkdir(mode=0o700)
    mint(prepared.private.keys, RunKeyReference(prepared.release_id, str(secret)))
    return prepared.release_id


def release(home: Path, output: str, number: int) -> tuple[dict[str, object], Mapping[str, str]]:
    """Release the recording into a place; return what the run says of it and the SHA-256 of each clear shard."""
    state = home / f"state-{number}"
    shutil.copytree(home / "first-state", state)
    words = ["--input", _LOG, "--consent", _CONSENT, "--keys", str(home / "keys"), "--state", str(state), *WORDS]
    told = keyveil("run", *words, "--output", output, "--json")
    if told.code:
        sys.exit(f"FAILED: the run into {output} ended with {told.code}: {told.err}")
    if run_command(["verify", output, "--keys", str(home / "keys"), "--state", str(state)]):
        sys.exit(f"FAILED: {output} does not verify")
    keys, place = KeySet.open(KeyReference.parse(str(home / "keys"))).reader(), open_store(output)
    shards = {}
    for name in place.names():
        if name.endswith(".parquet"):
            with place.open(name) as file:
                sink = pa.BufferOutputStream()
                pq.write_table(decode(file.read(), keys), sink)
            shards[name] = hashlib.sha256(sink.getvalue()).hexdigest()
    return told.json, shards


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, fake_gcs() as google, moto_s3() as amazon:
        home, here, there = Path(folder), client_of(google), s3_client(amazon)
        here.create_bucket("same-shards")
        create_bucket(there, "same-shards")
        if run_command(["keys", "init", str(home / "keys")]):
            sys.exit("FAILED: no key set")
        outputs = (str(home / "data"), "gs://same-shards/data", "s3://same-shards/data")
        with (
            patch.object(gcs, "client", lambda: here),
            patch.object(s3, "client", lambda: there),
            patch.object(running, "open_preflight", lambda *_: Scripted(_STATE, _STATE)),
        ):
            release_id = mint_run_key(home, outputs[0])
            made = [release(home, output, number) for number, output in enumerate(outputs)]
    (first, shards), *others = made
    if first["release_id"] != release_id:
        sys.exit("FAILED: the run drew another release than the one whose secret it has")
    for told, found in others:
        if found != shards or told["counts"] != first["counts"] or told["release_id"] != release_id:
            sys.exit("FAILED: a place holds other shards than the folder")
    used = os.times()
    print(
        f"{len(shards)} shards, {first['counts']['events.read']} events: the same names and clear bytes in a folder, "  # type: ignore[index]
        f"Cloud Storage and S3; {used.user + used.system:.0f} CPU s"
    )


if __name__ == "__main__":
    main()
