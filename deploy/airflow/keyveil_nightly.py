"""An example for shops that run Airflow instead of Cloud Workflows: preflight, launch, wait, publish, verify.

Needs Airflow 3 with apache-airflow-providers-google and apache-airflow-providers-standard. Names in capitals are
Airflow variables. The steps and the launch body are those of ``deploy/workflow.yaml``.
"""

from datetime import UTC, datetime, timedelta

from airflow.providers.google.cloud.operators.cloud_run import CloudRunExecuteJobOperator
from airflow.providers.google.cloud.operators.dataflow import DataflowStartFlexTemplateOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

LAUNCHER = "keyveil-launcher@{{ var.value.PROJECT }}.iam.gserviceaccount.com"
BODY = {
    "launchParameter": {
        "jobName": "keyveil-{{ ds }}",
        "containerSpec": {"image": "{{ var.value.IMAGE }}", "sdkInfo": {"language": "PYTHON"}},
        "parameters": {
            "input": "{{ var.value.INPUTS }}",
            "output": "{{ var.value.OUTPUT }}",
            "consent": "{{ var.value.CONSENT }}",
            "keys": "{{ var.value.KEY_SET }}",
            "state": "{{ var.value.STATE }}",
            "dataset": "{{ var.value.DATASET }}",
            "purpose": "training",
            "policy": "secret:{{ var.value.POLICY_SECRET }}",
        },
        "environment": {
            "serviceAccountEmail": "{{ var.value.WORKER }}",
            "ipConfiguration": "WORKER_IP_PRIVATE",
            "subnetwork": "{{ var.value.SUBNETWORK }}",
            "kmsKeyName": "{{ var.value.KMS_KEY }}",
            "tempLocation": "{{ var.value.STAGING }}/temp",
            "stagingLocation": "{{ var.value.STAGING }}/staging",
            "sdkContainerImage": "{{ var.value.IMAGE }}",
            "maxWorkers": 20,
            "machineType": "n2-standard-4",
            "additionalUserLabels": {"data_class": "restricted", "dpia": "{{ var.value.JOB_LABEL_DPIA }}"},
            "additionalPipelineOptions": [
                'gcs_custom_audit_entries={"purpose":"training","dataset":"{{ var.value.DATASET }}"}'
            ],
        },
    }
}

with DAG(
    "keyveil_nightly",
    schedule="17 2 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 0},
):
    where = {"project_id": "{{ var.value.PROJECT }}", "region": "{{ var.value.REGION }}"}
    preflight = CloudRunExecuteJobOperator(
        task_id="preflight", job_name="keyveil-preflight", impersonation_chain=LAUNCHER, **where
    )
    launch = DataflowStartFlexTemplateOperator(
        task_id="launch",
        project_id="{{ var.value.PROJECT }}",
        location="{{ var.value.REGION }}",
        body=BODY,
        deferrable=True,
        cancel_on_kill=True,
        append_job_name=False,
        expected_terminal_state="JOB_STATE_DONE",
        execution_timeout=timedelta(hours=12),
        impersonation_chain=LAUNCHER,
    )
    publish = CloudRunExecuteJobOperator(
        task_id="publish", job_name="keyveil-publish", impersonation_chain=LAUNCHER, **where
    )
    verify = CloudRunExecuteJobOperator(
        task_id="verify", job_name="keyveil-verify", trigger_rule="all_done", impersonation_chain=LAUNCHER, **where
    )
    # publish ends with 1 where bad input was set aside: what it released is verified, and the day is shown as failed
    ended = EmptyOperator(task_id="ended")
    preflight >> launch >> publish >> verify >> ended
    publish >> ended
