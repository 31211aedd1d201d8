# Four keys: the buckets', which only the storage service's agent uses; the shards', which readers need beside a grant on
# the bucket; Dataflow's, for the state of running jobs; and the secrets', for the key set in Secret Manager.

data "google_project" "this" {
  project_id = var.project
}

data "google_storage_project_service_account" "agent" {
  project = var.project
}

locals {
  storage_agent  = "serviceAccount:${data.google_storage_project_service_account.agent.email_address}"
  dataflow_agent = "serviceAccount:service-${data.google_project.this.number}@dataflow-service-producer-prod.iam.gserviceaccount.com"
  compute_agent  = "serviceAccount:service-${data.google_project.this.number}@compute-system.iam.gserviceaccount.com"
  secrets_agent  = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-secretmanager.iam.gserviceaccount.com"
  readers        = concat(var.readers, [local.member.verifier])
}

resource "google_kms_key_ring" "this" {
  project  = var.project
  name     = "keyveil"
  location = var.region
}

resource "google_kms_crypto_key" "bucket" {
  name            = "bucket"
  key_ring        = google_kms_key_ring.this.id
  purpose         = "ENCRYPT_DECRYPT"
  rotation_period = "7776000s"

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key" "shards" {
  name            = "shards"
  key_ring        = google_kms_key_ring.this.id
  purpose         = "ENCRYPT_DECRYPT"
  rotation_period = "7776000s"

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key" "dataflow" {
  name            = "dataflow"
  key_ring        = google_kms_key_ring.this.id
  purpose         = "ENCRYPT_DECRYPT"
  rotation_period = "7776000s"

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key" "keys" {
  name            = "keys"
  key_ring        = google_kms_key_ring.this.id
  purpose         = "ENCRYPT_DECRYPT"
  rotation_period = "7776000s"

  lifecycle {
    prevent_destroy = true
  }
}

data "google_iam_policy" "bucket_key" {
  binding {
    role    = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    members = [local.storage_agent]
  }
}

data "google_iam_policy" "shards_key" {
  binding {
    role    = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    members = [local.member.worker, local.member.eraser]
  }

  # the verifier is a reader of sealed bytes only
  binding {
    role    = "roles/cloudkms.cryptoKeyDecrypter"
    members = var.readers
  }
}

data "google_iam_policy" "dataflow_key" {
  binding {
    role    = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    members = [local.dataflow_agent, local.compute_agent]
  }
}

data "google_iam_policy" "keys_key" {
  binding {
    role    = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    members = [local.secrets_agent]
  }
}

resource "google_kms_crypto_key_iam_policy" "keys" {
  crypto_key_id = google_kms_crypto_key.keys.id
  policy_data   = data.google_iam_policy.keys_key.policy_data
}

resource "google_kms_crypto_key_iam_policy" "bucket" {
  crypto_key_id = google_kms_crypto_key.bucket.id
  policy_data   = data.google_iam_policy.bucket_key.policy_data
}

resource "google_kms_crypto_key_iam_policy" "shards" {
  crypto_key_id = google_kms_crypto_key.shards.id
  policy_data   = data.google_iam_policy.shards_key.policy_data
}

resource "google_kms_crypto_key_iam_policy" "dataflow" {
  crypto_key_id = google_kms_crypto_key.dataflow.id
  policy_data   = data.google_iam_policy.dataflow_key.policy_data
}
