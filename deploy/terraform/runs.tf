# Both ways to run, as the worker's account: the process that stays every night, and the second half of a run by hand, in
# which what the job computed is looked at, signed and named in the catalog.

locals {
  key_set = "secret:${google_secret_manager_secret.keys.id}"
  state   = "gs://${module.state.name}/keyveil"

  runs = {
    nights = {
      timeout = "86400s"
      what    = "--since-last"
      engine = [
        "--runner", "DataflowRunner", "--",
        "--project=${var.project}",
        "--region=${var.region}",
        "--no_use_public_ips",
        "--subnetwork=${var.subnetwork}",
        "--dataflow_kms_key=${google_kms_crypto_key.dataflow.id}",
        "--service_account_email=${google_service_account.this["worker"].email}",
        "--sdk_container_image=${var.image}",
        "--staging_location=gs://${module.staging.name}/staging",
        "--temp_location=gs://${module.staging.name}/temp",
        "--labels=data_class=restricted",
        "--labels=dpia=${var.labels["dpia"]}",
        "--max_num_workers=20",
        "--machine_type=n2-standard-4",
      ]
    }
    publish = { timeout = "3600s", what = "--finish", engine = [] }
  }
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

resource "google_cloud_run_v2_job" "run" {
  for_each            = local.runs
  project             = var.project
  location            = var.region
  name                = "keyveil-${each.key}"
  deletion_protection = true

  template {
    template {
      service_account = google_service_account.this["worker"].email
      max_retries     = 0 # a second run would end well and hide that input was set aside; the same command, or the next night, catches up
      timeout         = each.value.timeout

      containers {
        image   = var.image
        command = ["keyveil"]
        args = concat([
          "run", each.value.what, "--json", "--journal", "-",
          "--input", var.inputs,
          "--output", "gs://${module.restricted.name}",
          "--policy", "secret:${google_secret_manager_secret.agreement.id}",
          "--consent", var.consent,
          "--keys", local.key_set,
          "--state", local.state,
          "--dataset", var.dataset,
          "--purpose", "training",
        ], each.value.engine)

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
