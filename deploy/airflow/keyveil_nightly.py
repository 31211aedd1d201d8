"""An example for shops that run Airflow instead of Cloud Workflows: preflight, run, retain, backup, verify.

Needs Airflow 3 with apache-airflow-providers-google and apache-airflow-providers-standard. Names in capitals are
Airflow variables. The steps are those of ``deploy/nights.workflow.yaml``, over the same jobs of Cloud Run.
"""

from datetime import UTC, datetime

from airflow.providers.google.cloud.operators.cloud_run import CloudRunExecuteJobOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

LAUNCHER = "keyveil-launcher@{{ var.value.RUNS_PROJECT }}.iam.gserviceaccount.com"


def job(name: str, trigger_rule: str = "all_success") -> CloudRunExecuteJobOperator:
    """Return the task that runs a job and waits for its end."""
    return CloudRunExecuteJobOperator(
        task_id=name,
        job_name=f"keyveil-{name}",
        project_id="{{ var.value.RUNS_PROJECT }}",
        region="{{ var.value.REGION }}",
        impersonation_chain=LAUNCHER,
        trigger_rule=trigger_rule,
    )


with DAG(
    "keyveil_nightly",
    schedule="17 2 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 0},
):
    preflight, nights = job("preflight"), job("nights")
    # nights ends with 1 where bad input was set aside: what it released is verified, and the day is shown as failed
    retain, backup = job("retain", "all_done"), job("backup", "all_done")
    verify = job("verify", "all_done")
    ended = EmptyOperator(task_id="ended")
    preflight >> nights >> retain >> backup >> verify >> ended
    [nights, retain, backup] >> ended
