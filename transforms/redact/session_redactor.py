"""Redaction of whole sessions as settings and keys say, the same in a run and in a preview."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.raw import TypedSessions
from transforms.keys.key_set import KeySet
from transforms.redact.batch import BatchRedactor
from transforms.redact.bystanders.hashed_directory import add_hashed_directory
from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.own_text.typing_history import NO_HISTORY, TypingHistory
from transforms.redact.bystanders.recorder_names import NO_OWNERS, Owners, open_owners
from transforms.redact.bystanders.withhold import find_withheld, withhold_incoming
from transforms.redact.deny_list import DenyList
from transforms.redact.detect.build import add_words, shared_detector
from transforms.redact.detect.detector import Detector
from transforms.redact.results import Extras, RedactionResult
from transforms.redact.settings import Bystanders, RedactSettings
from transforms.redact.surrogates.surrogates import Identity
from transforms.redact.text.hyperscan_cache import PrefilterStore


def open_detector(
    settings: RedactSettings, keys: KeySet, prefilters: PrefilterStore | None, words: Sequence[str] = ()
) -> Detector:
    """Open all that finds values: rules and models, the directory, private ``words``, the mark of what is withheld."""
    detector = add_hashed_directory(shared_detector(settings, prefilters), settings, keys)
    return find_withheld(add_words(detector, words), Bystanders(settings.bystanders))


@dataclass(frozen=True, slots=True)
class SessionRedactor:
    """Withholds the words of others and redacts the rest, in this order."""

    policy: Bystanders
    deny: DenyList
    windows: KnownWindows
    owners: Owners
    batch: BatchRedactor

    @classmethod
    def build(
        cls,
        settings: RedactSettings,
        keys: KeySet,
        detector: Detector,
        identity: Identity,
        beside: Extras,
        *,
        fold_case: bool,
    ) -> "SessionRedactor":
        """Build it with what ``open_detector`` opened; ``fold_case`` says that ids of people come without case."""
        deny = DenyList(settings.denied)
        batch = BatchRedactor(detector, deny, identity, beside)
        policy = Bystanders(settings.bystanders)
        owners = NO_OWNERS if policy is Bystanders.SURROGATE else open_owners(settings, keys, fold_case=fold_case)
        return cls(policy, deny, KnownWindows.of(settings), owners, batch)

    def withhold(self, typed: TypedSessions, history: TypingHistory = NO_HISTORY) -> TypedSessions:
        """Replace the words of others, which nothing may read; ``history`` is what people typed in other sessions."""
        return withhold_incoming(typed, self.policy, self.deny, self.windows, self.owners, history=history)

    def redact(self, shown: TypedSessions) -> RedactionResult:
        """Redact what ``withhold`` left."""
        return self.batch.redact(shown)
