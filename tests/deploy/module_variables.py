"""Variables that a person gives both modules of Terraform, in these tests."""

from collections.abc import Mapping
from typing import Any

GIVEN: Mapping[str, Any] = {
    "project": "acme-keyveil-data",
    "runs_project": "acme-keyveil-runs",
    "logs_project": "acme-logs",
    "organization": "123456789012",
    "region": "europe-west1",
    "bucket": "acme-keyveil",
    "input_buckets": ["acme-recordings", "acme-consent"],
    "readers": ["serviceAccount:train@acme-ml.iam.gserviceaccount.com", "user:ana@example.com"],
    "readers_until": "2027-01-31T00:00:00Z",
    "verifier_until": "2027-02-01T00:00:00Z",
    "administrators": ["user:root@example.com"],
    "erasers": ["user:privacy@example.com"],
    "retention_days": 60,
    "log_retention_days": 500,
    "labels": {"data_class": "restricted", "dpia": "dpia-12", "owner": "privacy"},
    "perimeter": "accessPolicies/5/servicePerimeters/telemetry",
    "allowed_customers": ["C01abc"],
}
RUNS: Mapping[str, Any] = {
    "image": f"europe-west1-docker.pkg.dev/acme-keyveil-runs/keyveil/keyveil@sha256:{'0' * 64}",
    "job_image": f"europe-west1-docker.pkg.dev/acme-keyveil-runs/keyveil/keyveil@sha256:{'1' * 64}",
    "inputs": "gs://acme-recordings/{day}/*.jsonl.zst",
    "first_day": "2026-11-22",
    "dataset": "office",
    "consent": "gs://acme-consent/registry.csv",
    "config": "gs://acme-consent/keyveil.yaml",
    "alerts_to": "people@example.com",
}
