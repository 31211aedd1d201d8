# The second half of a run: what the job computed is looked at, signed and named in the catalog.

locals {
  key_set = "secret:${google_secret_manager_secret.keys.id}"
  state   = "gs://${module.state.name}/keyveil"
}

# the content comes from: keyveil keys export DIR --role bundle -o FILE; it opens no quarantine
resource "google_secret_manager_secret" "keys" {
  project   = var.project
  secret_id = "keyveil-keys"
  labels    = var.labels

  replication {
    user_managed {
      replicas {
        location = var.region

        customer_managed_encryption {
          kms_key_name = google_kms_crypto_key.keys.id
        }
      }
    }
  }

  depends_on = [google_kms_crypto_key_iam_policy.keys]
}

resource "google_secret_manager_secret_iam_member" "keys" {
  project   = var.project
  secret_id = google_secret_manager_secret.keys.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = local.member.worker
}

resource "google_cloud_run_v2_job" "publish" {
  project             = var.project
  location            = var.region
  name                = "keyveil-publish"
  deletion_protection = true

  template {
    template {
      service_account = google_service_account.this["worker"].email
      max_retries     = 1
      timeout         = "3600s"

      containers {
        image   = var.image
        command = ["keyveil"]
        args = [
          "run", "--finish", "--json", "--journal", "-",
          "--input", var.inputs,
          "--output", "gs://${module.restricted.name}",
          "--policy", "secret:${google_secret_manager_secret.agreement.id}",
          "--consent", var.consent,
          "--keys", local.key_set,
          "--state", local.state,
          "--dataset", var.dataset,
          "--purpose", "training",
        ]

        resources {
          limits = {
            cpu    = "2"
            memory = "8Gi"
          }
        }
      }
    }
  }
}
