"""Run all checks of nights, each independently of the others."""

from datetime import datetime

from pipelines.doctor import cloud, server
from pipelines.doctor.common import COMMON, NightsCheck
from pipelines.doctor.examination import Examination
from pipelines.doctor.settings import NightsSettings
from pipelines.preflight.google_api import NotReadError
from schemas.errors import KeyveilError
from transforms.preflight.verdict import MALFORMED, CheckOutcome, Finding, JudgedFact, Verdict


def examine(settings: NightsSettings, now: datetime) -> Verdict:
    """Run every check on the nights of ``settings``; changes nothing, reads no recording, and raises nothing."""
    look = Examination(settings, now)
    checks, warning = (cloud.CLOUD, cloud.WARNING) if look.is_on_dataflow else (server.SERVER, server.WARNING)
    return Verdict(settings.output, now, tuple(_finding(check, look, warning) for check in (*COMMON, *checks)))


def _finding(check: NightsCheck, look: Examination, warning: frozenset[str]) -> Finding:
    try:
        found = check.judge(look, look.settings)
    except KeyveilError as error:
        found = JudgedFact(False, str(error))
    except NotReadError as error:
        found = JudgedFact(False, f"could not be read ({error})")
    except MALFORMED as error:
        found = JudgedFact(False, f"the answer has an undocumented form ({type(error).__name__})")
    failed = CheckOutcome.ADVISED if check.name in warning else CheckOutcome.FAILED
    return check.describe(found, failed, {}, check.remedy)
