# Secrets and who reads them. Grants are authoritative, and keyveil preflight reads them: whoever reads the key set opens every
# release that is not sealed under a key of KMS.

locals {
  secrets = {
    # what keyveil keys export DIR --role bundle -o FILE writes; it opens no quarantine
    keyveil-keys = { readers = [local.member.worker, local.member.eraser], writers = [] }
    # the public half of the signing key
    keyveil-verifying-key = { readers = [local.member.verifier], writers = [] }
    # the id of the person who is to be erased, as one line; its version is destroyed when the erasure is done
    keyveil-erasure = { readers = [local.member.eraser], writers = var.erasers }
    # not secret, but kept where only this module writes
    keyveil-preflight-policy = {
      readers = [local.member.preflight, local.member.worker, local.member.eraser]
      writers = []
    }
    # the settings of the nights, for the job keyveil-doctor; not secret either
    keyveil-nights = { readers = [local.member.worker], writers = [] }
  }
}

resource "google_secret_manager_secret" "this" {
  for_each  = local.secrets
  project   = var.project
  secret_id = each.key
  labels    = var.labels

  replication {
    user_managed {
      replicas {
        location = var.region

        customer_managed_encryption {
          kms_key_name = google_kms_crypto_key.this["keys"].id
        }
      }
    }
  }

  depends_on = [google_kms_crypto_key_iam_policy.this]
}

data "google_iam_policy" "secret" {
  for_each = local.secrets

  binding {
    role    = "roles/secretmanager.secretAccessor"
    members = each.value.readers
  }

  dynamic "binding" {
    for_each = length(each.value.writers) > 0 ? [each.value.writers] : []

    content {
      role    = "roles/secretmanager.secretVersionManager"
      members = binding.value
    }
  }
}

resource "google_secret_manager_secret_iam_policy" "this" {
  for_each    = google_secret_manager_secret.this
  project     = var.project
  secret_id   = each.value.secret_id
  policy_data = data.google_iam_policy.secret[each.key].policy_data
}

resource "google_secret_manager_secret_version" "agreement" {
  secret      = google_secret_manager_secret.this["keyveil-preflight-policy"].id
  secret_data = yamlencode(local.agreement)
}
