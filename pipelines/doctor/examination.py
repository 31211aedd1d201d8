"""State that several checks of the nights share: opened once, and only read."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pipelines.budget.account import LedgerAccount
from pipelines.config import RunConfig, load_config
from pipelines.doctor.settings import NightsSettings
from pipelines.nightly.journal import Journal
from pipelines.nightly.journal_state import JournalState, fold_journal
from pipelines.preflight.google_api import Connection, as_accounts, connect
from pipelines.preflight.state import open_state
from pipelines.preflight.watch import load_policy
from pipelines.release.prepare import RunRequest
from pipelines.runner.beam_options import BeamEngine, RunnerKind, select_engine
from pipelines.state.private_state import PrivateState
from schemas.errors import RefusedError
from transforms.keys.key_set import KeyReference
from transforms.preflight.policy import BucketPolicy
from transforms.privacy.ledger import Ledger


@dataclass(frozen=True)
class Examination:
    """Settings of the nights at ``now``; a property raises ``KeyveilError`` if what it opens cannot be opened."""

    settings: NightsSettings
    now: datetime

    @cached_property
    def config(self) -> RunConfig:
        """Return the configuration of the runs."""
        return load_config(self.settings.config, self.settings.set, self.settings.purpose)

    @cached_property
    def request(self) -> RunRequest:
        """Return the arguments of the nightly run."""
        return self.settings.request()

    @cached_property
    def private(self) -> PrivateState:
        """Return the key set and private state."""
        return open_state(KeyReference.parse(self.settings.keys), self.settings.state)

    @cached_property
    def standing(self) -> JournalState:
        """Return the state of earlier nights, as the journal records it."""
        return fold_journal(Journal.of(self.private, self.settings.dataset).read())

    @cached_property
    def ledger(self) -> Ledger:
        """Return the ledger of the key set."""
        return LedgerAccount.of(self.private).ledger()

    @cached_property
    def engine(self) -> BeamEngine:
        """Return the runner with its flags, all checked."""
        return select_engine(self.settings.runner, self.settings.flags)

    @property
    def is_on_dataflow(self) -> bool:
        """Return whether the nights start jobs on Dataflow."""
        return self.settings.runner == RunnerKind.DATAFLOW.value

    @cached_property
    def connection(self) -> Connection:
        """Return the connection to Google's interfaces, as the account that runs the check."""
        return connect()

    @cached_property
    def agreement(self) -> BucketPolicy:
        """Return the agreement about the output; raise ``RefusedError`` without one."""
        if self.settings.policy is None:
            raise RefusedError("nights on Dataflow need the agreement about the output; set policy to its file")
        return load_policy(self.settings.policy)

    @cached_property
    def reading(self) -> Connection:
        """Return the connection that reads settings as the preflight does."""
        return as_accounts(self.connection, self.agreement.accounts.preflight, self.agreement.accounts.canary)
