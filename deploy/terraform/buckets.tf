module "restricted" {
  source         = "./restricted_bucket"
  project        = var.project
  name           = var.bucket
  location       = var.region
  labels         = var.labels
  retention_days = var.retention_days
  kms_key        = google_kms_crypto_key.bucket.id
  readers        = local.readers
  readers_until  = var.readers_until
  writers        = [local.member.worker, local.member.eraser]

  depends_on = [google_kms_crypto_key_iam_policy.bucket]
}

# temporary files of a job lie here, so the same rules hold; nobody reads it but the worker that writes it
module "staging" {
  source         = "./restricted_bucket"
  project        = var.project
  name           = "${var.bucket}-staging"
  location       = var.region
  labels         = var.labels
  retention_days = 7
  kms_key        = google_kms_crypto_key.bucket.id
  writers        = [local.member.worker]

  depends_on = [google_kms_crypto_key_iam_policy.bucket]
}

# ledger, tombstones, quarantine: private, and kept; what a run leaves there it removes by itself
module "state" {
  source         = "./restricted_bucket"
  project        = var.project
  name           = "${var.bucket}-state"
  location       = var.region
  labels         = var.labels
  retention_days = 3650
  kms_key        = google_kms_crypto_key.bucket.id
  writers        = [local.member.worker, local.member.eraser]

  depends_on = [google_kms_crypto_key_iam_policy.bucket]
}
