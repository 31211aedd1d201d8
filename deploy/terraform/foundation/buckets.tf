module "restricted" {
  source        = "../restricted_bucket"
  project       = var.project
  name          = var.bucket
  location      = var.region
  labels        = var.labels
  delete_days   = var.retention_days + var.backstop_days
  kms_key       = google_kms_crypto_key.this["bucket"].id
  readers       = var.readers
  readers_until = var.readers_until
  verifiers     = [local.member.verifier]
  verify_until  = var.verifier_until
  writers       = [local.member.worker, local.member.eraser]

  depends_on = [google_kms_crypto_key_iam_policy.this, google_org_policy_policy.members]
}

# Temporary files of a job lie here, so the same rules hold; nobody reads it but the worker that writes it and Dataflow, which
# fetches the graph: what the graph holds of people is sealed.
module "staging" {
  source      = "../restricted_bucket"
  project     = var.project
  name        = "${var.bucket}-staging"
  location    = var.region
  labels      = var.labels
  delete_days = 7
  kms_key     = google_kms_crypto_key.this["bucket"].id
  writers     = [local.member.worker, local.agent.dataflow]

  depends_on = [google_kms_crypto_key_iam_policy.this, google_org_policy_policy.members]
}

# ledger, tombstones, quarantine: private, and kept; what a run leaves there it removes by itself
module "state" {
  source      = "../restricted_bucket"
  project     = var.project
  name        = "${var.bucket}-state"
  location    = var.region
  labels      = var.labels
  delete_days = 3650
  kms_key     = google_kms_crypto_key.this["bucket"].id
  writers     = [local.member.worker, local.member.eraser]

  depends_on = [google_kms_crypto_key_iam_policy.this, google_org_policy_policy.members]
}

# what the verifier read of releases that did not change: its own place, so that who writes releases cannot hide a change
module "verified" {
  source      = "../restricted_bucket"
  project     = var.project
  name        = "${var.bucket}-verified"
  location    = var.region
  labels      = var.labels
  delete_days = 90
  kms_key     = google_kms_crypto_key.this["bucket"].id
  writers     = [local.member.verifier]

  depends_on = [google_kms_crypto_key_iam_policy.this, google_org_policy_policy.members]
}

# copies of private state, one a night; they end soon, since an erased person's staged rows are still in the older ones
module "backup" {
  source      = "../restricted_bucket"
  project     = var.project
  name        = "${var.bucket}-backup"
  location    = var.region
  labels      = var.labels
  delete_days = 14
  kms_key     = google_kms_crypto_key.this["bucket"].id
  writers     = [local.member.eraser]

  depends_on = [google_kms_crypto_key_iam_policy.this, google_org_policy_policy.members]
}
