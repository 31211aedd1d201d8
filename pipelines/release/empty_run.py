"""Handle a run that keeps nothing: it publishes nothing, and its charge is cancelled.

No data of anybody went into the draws, so they reveal nothing about anybody.
"""

from pipelines.budget.charge import ReleaseCharge
from pipelines.release.results import RunResults
from schemas.errors import RefusedError
from schemas.outcome import COUNTED, ROWS
from schemas.rejects import RejectLine
from transforms.dataset.layout import RELEASES, ReleaseLayout
from transforms.object_store.interface import ObjectStore

_REASONS = ("suppressed.", "reject.")


class NothingKeptError(RefusedError):
    """Nothing of the input can be released (exit 3); ``rejects`` name the faults by their place in ``sources``."""

    def __init__(self, results: RunResults, sources: tuple[str, ...]) -> None:
        reasons = [
            name.removeprefix(prefix) for name in results.counts for prefix in _REASONS if name.startswith(prefix)
        ]
        super().__init__(
            f"nothing of the input is kept ({', '.join(reasons) or 'no event'}), so that nothing is published and "
            "nothing charged; check the consent registry, --purpose and the format of the input"
        )
        self.rejects: tuple[RejectLine, ...] = results.rejects
        self.sources = sources


def keeps_nothing(results: RunResults) -> bool:
    """Check whether no row is released and no session counts in a table."""
    return not results.counts.get(ROWS, 0) and not results.counts.get(COUNTED, 0)


def withdraw(charge: ReleaseCharge, charge_id: str, place: ObjectStore, layout: ReleaseLayout) -> None:
    """Remove the files of a release that is not published, then cancel its charge."""
    for name in place.names():
        if name.startswith(f"{RELEASES}{layout.release_id}/"):
            place.delete(name)
    charge.cancel(charge_id)
