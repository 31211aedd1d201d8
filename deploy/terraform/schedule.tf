# One run over given inputs, started by hand: preflight, launch, wait, publish, verify. The workflow starts jobs and reads
# their state; it holds no data.

resource "google_cloud_run_v2_job" "preflight" {
  project             = var.project
  location            = var.region
  name                = "keyveil-preflight"
  deletion_protection = true

  template {
    template {
      service_account = google_service_account.this["preflight"].email
      max_retries     = 0
      timeout         = "600s"

      containers {
        image   = var.image
        command = ["keyveil"]
        args    = ["preflight", "gs://${var.bucket}", "--policy", "/agreement/policy.yaml", "--json"]

        volume_mounts {
          name       = "agreement"
          mount_path = "/agreement"
        }
      }

      volumes {
        name = "agreement"

        secret {
          secret = google_secret_manager_secret.agreement.secret_id

          items {
            path    = "policy.yaml"
            version = "latest"
          }
        }
      }
    }
  }
}

resource "google_cloud_run_v2_job" "verify" {
  project             = var.project
  location            = var.region
  name                = "keyveil-verify"
  deletion_protection = true

  template {
    template {
      service_account = google_service_account.this["verifier"].email
      max_retries     = 1
      timeout         = "3600s"

      containers {
        image   = var.image
        command = ["keyveil"]
        args    = ["verify", "gs://${var.bucket}/${var.dataset}", "--keys", "/verifying/signing.pem", "--json"]

        volume_mounts {
          name       = "verifying"
          mount_path = "/verifying"
        }
      }

      volumes {
        name = "verifying"

        secret {
          secret = google_secret_manager_secret.verifying.secret_id

          items {
            path    = "signing.pem"
            version = "latest"
          }
        }
      }
    }
  }
}

# the public half of the signing key; a person puts the first version there after keyveil keys init
resource "google_secret_manager_secret" "verifying" {
  project   = var.project
  secret_id = "keyveil-verifying-key"
  labels    = var.labels

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }
}

resource "google_secret_manager_secret_iam_member" "verifying" {
  project   = var.project
  secret_id = google_secret_manager_secret.verifying.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = local.member.verifier
}

resource "google_cloud_run_v2_job_iam_member" "launcher" {
  for_each = {
    preflight = google_cloud_run_v2_job.preflight.name
    nights    = google_cloud_run_v2_job.run["nights"].name
    publish   = google_cloud_run_v2_job.run["publish"].name
    verify    = google_cloud_run_v2_job.verify.name
  }
  project  = var.project
  location = var.region
  name     = each.value
  role     = "roles/run.invoker"
  member   = local.member.launcher
}

resource "google_workflows_workflow" "once" {
  project             = var.project
  region              = var.region
  name                = "keyveil-once"
  service_account     = google_service_account.this["launcher"].id
  source_contents     = file("${path.module}/../workflow.yaml")
  call_log_level      = "LOG_ERRORS_ONLY"
  deletion_protection = true

  user_env_vars = {
    PROJECT        = var.project
    REGION         = var.region
    IMAGE          = var.image
    WORKER         = google_service_account.this["worker"].email
    SUBNETWORK     = var.subnetwork
    KMS_KEY        = google_kms_crypto_key.dataflow.id
    STAGING        = "gs://${module.staging.name}"
    OUTPUT         = "gs://${module.restricted.name}"
    INPUTS         = var.inputs
    CONSENT        = var.consent
    KEY_SET        = local.key_set
    STATE          = local.state
    DATASET        = var.dataset
    POLICY_SECRET  = google_secret_manager_secret.agreement.id
    PREFLIGHT_JOB  = google_cloud_run_v2_job.preflight.id
    PUBLISH_JOB    = google_cloud_run_v2_job.run["publish"].id
    VERIFY_JOB     = google_cloud_run_v2_job.verify.id
    JOB_LABEL_DPIA = var.labels["dpia"]
  }
}

resource "google_project_iam_member" "scheduler" {
  project = var.project
  role    = "roles/workflows.invoker"
  member  = local.member.launcher
}
