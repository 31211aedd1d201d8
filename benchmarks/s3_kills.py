"""``kill -9`` of writers to one dataset in S3 before a request: a plain re-run leaves whole releases and one catalog.

Run: python -m benchmarks.s3_kills [--kills 50] [--writers 8] [--seed 0]

Each of ``kills`` child processes publishes a release of its own into one dataset and is killed before one of its
requests, picked at random; then the same release is published again. At the end ``writers`` threads publish one more
release each at once. There must be one catalog that lists every release once, and nothing that verification finds.
"""

import argparse
import random
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.dataset.test_publish import Runs
from tests.support.kill_points import KILLED, in_child
from tests.support.s3 import create_bucket, kill_before_request, moto_s3, s3_client
from transforms.dataset.verify.dataset import DatasetVerifier
from transforms.keys.key_set import KeyReference, KeySet, create_key_set
from transforms.object_store import s3

MOST_REQUESTS = 20
"""A release of the tests takes about as many requests."""


def publish_and_be_killed(runs: Runs, release: str, address: str, at: int) -> int:
    """Publish in a child; return its exit code."""

    def publish() -> int:
        client = s3_client(address)
        kill_before_request(client, at)
        s3.client = lambda: client
        runs.publish(release)
        return 0

    return in_child(publish)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    draw, begun = random.Random(chosen.seed), time.monotonic()  # noqa: S311 - which request, no secret
    with tempfile.TemporaryDirectory() as folder, moto_s3() as address:
        client = s3_client(address)
        create_bucket(client, "kills")
        s3.client = lambda: client
        create_key_set(Path(folder, "keys"))
        keys = KeySet.open(KeyReference.parse(str(Path(folder, "keys"))))
        runs = Runs("s3://kills/data", Path(folder, "staging"), keys)
        releases = [f"{number:026d}" for number in range(chosen.kills + chosen.writers)]
        killed = 0
        for release in releases[: chosen.kills]:
            killed += publish_and_be_killed(runs, release, address, draw.randint(1, MOST_REQUESTS)) == KILLED
            runs.publish(release)
        with ThreadPoolExecutor(chosen.writers) as pool:
            list(pool.map(runs.publish, releases[chosen.kills :]))
        catalog = runs.catalog()
        listed = sorted(item.release_id for item in catalog.releases) if catalog else []
        found = DatasetVerifier(runs.store, keys.verifying(), keys.reader()).verify().findings
    print(
        f"{killed} of {chosen.kills} killed, {chosen.writers} writers at once: {len(listed)} releases in one catalog, "
        f"{len(found)} findings, {time.monotonic() - begun:.0f} s"
    )
    if listed != releases or found:
        sys.exit("FAILED: a release is missing or listed twice, or verification finds something")


if __name__ == "__main__":
    main()
