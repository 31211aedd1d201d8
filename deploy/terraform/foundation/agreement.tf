# The agreement that keyveil preflight checks the bucket against, from the same names as the bucket itself.

locals {
  agreement = {
    bucket       = var.bucket
    project      = var.project
    organization = var.organization
    regions      = [var.region]
    key          = google_kms_crypto_key.this["bucket"].id
    readers      = local.readers
    accounts = {
      worker    = local.member.worker
      launcher  = local.member.launcher
      preflight = local.member.preflight
      eraser    = local.member.eraser
      canary    = local.member.canary
    }
    audit = {
      sink           = "projects/${var.project}/sinks/${google_logging_project_sink.audit["data"].name}"
      log_bucket     = "projects/${var.logs_project}/locations/${var.region}/buckets/keyveil-audit"
      retention_days = var.log_retention_days
    }
    administrators = var.administrators
    # no agent of Google's holds a role on the project of the buckets; these hold one on that of the accounts, by which they
    # attach them to jobs
    account_grants = {
      (local.agent.run)       = ["roles/run.serviceAgent"]
      (local.agent.workflows) = ["roles/workflows.serviceAgent"]
      (local.agent.scheduler) = ["roles/cloudscheduler.serviceAgent"]
      (local.agent.dataflow)  = ["roles/dataflow.serviceAgent"]
      (local.agent.compute)   = ["roles/compute.serviceAgent"]
    }
    staging_grants = {
      (local.agent.dataflow) = ["roles/storage.objectUser"]
    }
    impersonators = {
      (local.member.worker) = [local.member.worker]
    }
    secrets = {
      (google_secret_manager_secret.this["keyveil-keys"].id) = [local.member.worker, local.member.eraser]
    }
    retention_days = var.retention_days
    backstop_days  = var.backstop_days
    erasure_days   = 0
    labels         = var.labels
  }
}

output "preflight_policy" {
  value       = yamlencode(local.agreement)
  description = "The file for keyveil preflight --policy."
}
