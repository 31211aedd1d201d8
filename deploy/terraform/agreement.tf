# The agreement that keyveil preflight checks the bucket against, from the same names as the bucket itself.

locals {
  agreement = {
    bucket       = var.bucket
    project      = var.project
    organization = var.organization
    regions      = [var.region]
    key          = google_kms_crypto_key.bucket.id
    readers      = local.readers
    accounts = {
      worker    = local.member.worker
      launcher  = local.member.launcher
      preflight = local.member.preflight
      eraser    = local.member.eraser
      canary    = local.member.canary
    }
    audit = {
      sink           = "projects/${var.project}/sinks/${google_logging_project_sink.audit.name}"
      log_bucket     = "projects/${var.logs_project}/locations/${var.region}/buckets/keyveil-audit"
      retention_days = var.log_retention_days
    }
    administrators = var.administrators
    inherited_grants = {
      (local.member.worker)  = ["roles/dataflow.worker"]
      (local.dataflow_agent) = ["roles/dataflow.serviceAgent"]
      (local.compute_agent)  = ["roles/compute.serviceAgent"]
    }
    impersonators = {
      (local.member.worker) = [local.member.launcher, local.member.worker]
    }
    retention_days = var.retention_days
    erasure_days   = 0
    labels         = var.labels
  }
}

resource "google_secret_manager_secret" "agreement" {
  project   = var.project
  secret_id = "keyveil-preflight-policy"
  labels    = var.labels

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }
}

# not secret, but kept where only this module writes; the jobs mount it
resource "google_secret_manager_secret_version" "agreement" {
  secret      = google_secret_manager_secret.agreement.id
  secret_data = yamlencode(local.agreement)
}

resource "google_secret_manager_secret_iam_member" "agreement" {
  for_each  = toset(["preflight", "verifier", "worker"])
  project   = var.project
  secret_id = google_secret_manager_secret.agreement.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = local.member[each.value]
}

output "preflight_policy" {
  value       = yamlencode(local.agreement)
  description = "The file for keyveil preflight --policy."
}
