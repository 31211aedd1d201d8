# Copy to foundation.tfvars and write your own values; variables.tf says what each is, and which others there are.
project           = "acme-keyveil-data"
runs_project      = "acme-keyveil-runs"
logs_project      = "acme-logs"
organization      = "123456789012"
region            = "europe-west1"
bucket            = "acme-keyveil"
input_buckets     = ["acme-recordings", "acme-consent"]
readers           = ["serviceAccount:train@acme-ml.iam.gserviceaccount.com"]
readers_until     = "2027-01-31T00:00:00Z"
verifier_until    = "2027-01-31T00:00:00Z"
administrators    = ["user:root@example.com"]
erasers           = ["user:privacy@example.com"]
labels            = { data_class = "restricted", dpia = "dpia-12", owner = "privacy" }
perimeter         = "accessPolicies/5/servicePerimeters/telemetry"
allowed_customers = ["C01abc"]
