# Copy to runs.tfvars and write your own values; foundation.auto.tfvars.json, which terraform makes, has the rest.
image     = "europe-west1-docker.pkg.dev/acme-keyveil-runs/keyveil/keyveil@sha256:0000000000000000000000000000000000000000000000000000000000000000"
job_image = "europe-west1-docker.pkg.dev/acme-keyveil-runs/keyveil/keyveil-job@sha256:0000000000000000000000000000000000000000000000000000000000000000"
inputs    = "gs://acme-recordings/{day}/*.jsonl.zst"
first_day = "2026-11-22"
consent   = "gs://acme-consent/registry.csv"
config    = "gs://acme-consent/keyveil.yaml"
alerts_to = "people@example.com"
