"""Steps of one attempt at a release: find it, or reserve its charge and seal what was computed, or withdraw it."""

import shutil
from dataclasses import dataclass

from pipelines.budget.account import LedgerAccount
from pipelines.budget.charge import EarlierAttempts, ReleaseCharge
from pipelines.budget.history import ReleaseHistory, load_history
from pipelines.budget.old_copies import check_past, check_release_past, relist
from pipelines.budget.release_plan import ReleasePlan
from pipelines.observe.event_log import tell
from pipelines.preflight.watch import RunWatch
from pipelines.release.late_withdrawals import note_sealing
from pipelines.release.manifest import build_manifest
from pipelines.release.prepare import ReleaseContext, check_no_withdrawal_since
from pipelines.release.results import RunResults, forget_results
from pipelines.state.model_record import ModelRecord, make_record, model_address, write_record
from pipelines.state.pause import check_not_paused
from pipelines.state.tallies import keep_tallies, select_publishable
from pipelines.state.tombstones import ErasureRecords, check_no_erasure_since
from transforms.dataset.layout import RELEASES
from transforms.dataset.manifest import BudgetStatement, Manifest
from transforms.dataset.publish import complete, publish, sealed_release
from transforms.dataset.retire import check_not_retired
from transforms.privacy.run_key import destroy


@dataclass(frozen=True, slots=True)
class ReleaseAttempt:
    """One attempt at a release: its charge, and the history of all releases as of its start.

    ``find`` comes first, then ``complete`` for what it finds, else ``reserve``, and ``seal`` or ``withdraw``.
    """

    prepared: ReleaseContext
    charge: ReleaseCharge
    past: ReleaseHistory

    @classmethod
    def begin(cls, prepared: ReleaseContext, after: EarlierAttempts, window: str | None) -> "ReleaseAttempt":
        """Begin an attempt: load the history of releases from private state."""
        account = LedgerAccount.of(prepared.private)
        past = load_history(account, ErasureRecords.of(prepared.private))
        store, layout, facts = prepared.store, prepared.layout, prepared.facts
        return cls(prepared, ReleaseCharge(account, store, layout, facts, prepared.config, after, window), past)

    def find(self) -> Manifest | None:
        """Find the release where it is sealed already, at its output or at another one, from which it is copied.

        Raises ``RefusedError`` if the release was retired, or an old copy of it lies there.
        """
        store, layout, keys = self.prepared.store, self.prepared.layout, self.prepared.private.keys
        check_not_retired(store, layout, keys.verifying())
        check_release_past(store, layout, self.past, keys)
        relist(store, layout, self.past, keys)
        return sealed_release(store, layout, keys.verifying()) or self.charge.copy_of_earlier(keys, self.past)

    def complete(self, sealed: Manifest) -> None:
        """Complete a sealed release where a crash came between; it costs nothing more."""
        complete(self.prepared.store, self.prepared.layout, sealed, self.prepared.private.keys)
        self.charge.settle(sealed)
        self._close()

    def check_dataset(self) -> None:
        """Raise ``RefusedError`` if the dataset, its catalog or the ledger is an old copy, or erasures were lost."""
        output, layout = self.prepared.request.output, self.prepared.layout
        check_past(output, layout.dataset, self.prepared.private, self.past, layout.folder)

    def reserve(self, planned: ReleasePlan) -> BudgetStatement:
        """Reserve the charge, and show it where the graph itself writes to the output; refused beyond the budget."""
        budget = self.charge.reserve(planned)
        tell("budget reserved", {"charge_id": budget.charge_id, "epsilon": budget.epsilon, "delta": budget.delta})
        if self.prepared.request.output.is_bucket:
            self.charge.after.showing(budget.charge_id)
        return budget

    def withdraw(self, charge_id: str) -> None:
        """Withdraw a release of which nothing is kept: remove its files, then cancel its charge."""
        store = self.prepared.store
        for name in store.names():
            if name.startswith(f"{RELEASES}{self.prepared.release_id}/"):
                store.delete(name)
        self.charge.cancel(charge_id)
        self._close()

    def seal(self, planned: ReleasePlan, budget: BudgetStatement, results: RunResults, watch: RunWatch) -> Manifest:
        """Publish the results under a signed manifest, and commit the charge.

        Raises ``RefusedError``, and publishes nothing, if the output changed, runs into it are paused, or somebody was
        erased or withdrew since the run began.
        """
        prepared, private, layout = self.prepared, self.prepared.private, self.prepared.layout
        record = self._keep_model(planned, results)
        checked = watch.second_look(private.keys, private.address(f"preflight/{prepared.release_id}.json"))
        check_no_erasure_since(prepared.consent, private)
        check_not_paused(prepared.request.output)
        manifest = build_manifest(
            prepared, planned, record, results, preflight=checked, budget=budget, window=self.charge.window
        )
        keep_tallies(private, layout.release_id, results.counts)
        if not prepared.request.output.is_bucket:
            self.charge.after.showing(budget.charge_id)

        def check_commit() -> None:
            watch.check_unchanged(checked)
            note_sealing(private, layout, prepared.consent, prepared.config.noise.profile)
            check_no_withdrawal_since(prepared)

        shards = list(results.shards)
        sealed = publish(prepared.store, layout, manifest, shards, private.keys, before_commit=check_commit)
        self.charge.commit(budget.charge_id)
        self._close()
        counts = select_publishable({"rejects": len(results.rejects)}, prepared.config.noise.profile)
        tell("release sealed", {"shards": len(sealed.shards)} | counts)
        return sealed

    def _keep_model(self, planned: ReleasePlan, results: RunResults) -> ModelRecord | None:
        """Keep the population model that the run learned, for later runs; return the model of its drawn times."""
        prepared = self.prepared
        if results.population is None:
            return prepared.record
        record = make_record(prepared.release_id, planned.noise, results.population)
        address = model_address(prepared.private.uri, prepared.release_id)
        write_record(record, address, prepared.private.keys.signing_private())
        return record

    def _close(self) -> None:
        """Destroy the run key, results and files of an unsealed release."""
        destroy(self.prepared.run_key)
        forget_results(self.prepared.results)
        shutil.rmtree(self.prepared.run_folder, ignore_errors=True)
