"""Processes that race for one lifetime budget, on a local file, on a Cloud Storage server or on S3: nobody overspends.

Run: python benchmarks/ledger_race.py [--store local|bucket|both|s3] [--processes 8] [--attempts 200]

Every process asks for ``attempts`` charges, a tenth of them under ids that all processes share. The run fails unless
the ledger then holds exactly as many charges as one process alone could have made, each id once, each granted to the
processes that asked for it and to nobody else, and one more is refused.
"""

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from pipelines.budget.account import LedgerAccount
from pipelines.state.bucket_ledger import bucket_ledger
from pipelines.state.local_ledger import LedgerStore, LocalLedger
from schemas.errors import RefusedError
from schemas.privacy import Adjacency, Charge, Gaussian, PrivacyUnit
from tests.support.gcs import client_of, fake_gcs
from tests.support.s3 import create_bucket, moto_s3, s3_client
from transforms.object_store import gcs, s3
from transforms.privacy.budget import Budget
from transforms.privacy.composition import LifetimeFilter, compose_user_cost, compute_epsilon
from transforms.privacy.ledger_entries import Reservation

KEY = bytes(range(32))
BUDGET = Budget(PrivacyUnit.USER, 1.0, 1e-6, 4.0, 1e-6)
SHARED = 10
"""Every tenth id is asked for by all processes."""


def store_at(place: str) -> LedgerStore:
    """Open the ledger in a folder, or in the bucket of the server that ``gs+http:`` or ``s3+http:`` names."""
    scheme, _, address = place.partition("+")
    if scheme == "gs":
        gcs.client = lambda: client_of(address)
        return bucket_ledger("gs://ledgers/private")
    if scheme == "s3":
        s3.client = lambda: s3_client(address)
        return bucket_ledger("s3://ledgers/private")
    return LocalLedger(Path(place) / "ledger" / "ledger.jsonl")


def charge(noise_multiplier: float) -> Charge:
    return Charge("race", (), "Gaussian", PrivacyUnit.USER, Adjacency.ADD_REMOVE, (Gaussian(noise_multiplier),))


def attempt(task: tuple[str, int, int, Charge]) -> tuple[list[str], float]:
    """Attempt charges in one process; return the granted ids and its CPU seconds."""
    place, process, attempts, asked = task
    account = LedgerAccount(store_at(place), (KEY,))
    granted = []
    for number in range(attempts):
        name = f"shared-{number}" if number % SHARED == 0 else f"{process}-{number}"
        try:
            account.reserve(Reservation(name, "race", "", "", BUDGET, (asked,), ""))
        except RefusedError:
            continue
        granted.append(name)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return granted, used.ru_utime + used.ru_stime


def largest_number(asked: Charge) -> int:
    """Compute the number of charges that one process alone could make."""
    limit, number = LifetimeFilter.of(BUDGET.lifetime_epsilon, BUDGET.lifetime_delta), 0
    while limit.admits(compose_user_cost([asked] * (number + 1))):
        number += 1
    return number


def check(holds: bool, sentence: str) -> None:
    if not holds:
        sys.exit(f"FAILED: {sentence}")


def race(kind: str, place: str, chosen: argparse.Namespace) -> None:
    begun = time.monotonic()
    processes, attempts, asked = chosen.processes, chosen.attempts, charge(chosen.noise_multiplier)
    tasks = [(place, process, attempts, asked) for process in range(processes)]
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        answers = pool.map(attempt, tasks, chunksize=1)
    wall, cpu = time.monotonic() - begun, sum(seconds for _, seconds in answers)
    ledger = LedgerAccount(store_at(place), (KEY,)).ledger()
    held = Counter(entry.charge_id for entry in ledger.entries)
    granted = Counter(name for names, _ in answers for name in names)
    different = processes * attempts - (processes - 1) * -(-attempts // SHARED)
    fits = min(largest_number(asked), different)
    figure = compute_epsilon(ledger.charges(), PrivacyUnit.USER, BUDGET.lifetime_delta)
    print(
        f"{kind}: {processes} processes x {attempts} attempts, {len(ledger.entries)} charged (one alone: {fits}), "
        f"{sum(granted.values())} granted, epsilon {figure:.4f} of {BUDGET.lifetime_epsilon:g}, {cpu:.1f} CPU s, "
        f"{wall:.1f} s, {1000 * cpu / (processes * attempts):.1f} CPU ms an attempt"
    )
    check(max(held.values()) == 1, "a charge stands twice")
    check(set(held) == set(granted), "a charge was granted and is not there, or is there and was granted to nobody")
    check(len(ledger.entries) == fits, "not as many charges as one process alone would have made")
    check(figure <= BUDGET.lifetime_epsilon, "the lifetime budget was passed")
    if different > fits:
        more = compose_user_cost([*ledger.charges(), asked])
        limit = LifetimeFilter.of(BUDGET.lifetime_epsilon, BUDGET.lifetime_delta)
        check(not limit.admits(more), "one more charge would have fitted")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=["local", "bucket", "both", "s3"], default="both")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--attempts", type=int, default=200)
    parser.add_argument("--noise-multiplier", type=float, default=20.0)
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores")
    with ExitStack() as stack:
        if chosen.store in ("local", "both"):
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            race("local file", folder, chosen)
        if chosen.store in ("bucket", "both"):
            address = stack.enter_context(fake_gcs())
            client_of(address).create_bucket("ledgers")
            race("fake-gcs-server", f"gs+{address}", chosen)
        if chosen.store == "s3":
            address = stack.enter_context(moto_s3())
            create_bucket(s3_client(address), "ledgers")
            race("moto's S3", f"s3+{address}", chosen)


if __name__ == "__main__":
    main()
