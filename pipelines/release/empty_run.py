"""Tell a run that keeps nothing: it publishes nothing, and its charge is cancelled.

No data of anybody went into the draws, so they reveal nothing about anybody.
"""

from pipelines.release.results import RunResults
from schemas.errors import RefusedError
from schemas.rejects import RejectLine
from schemas.tally import COUNTED, ROWS, TallyGroup

_REASONS = (TallyGroup.SUPPRESSED.prefix, TallyGroup.REJECT.prefix)


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
