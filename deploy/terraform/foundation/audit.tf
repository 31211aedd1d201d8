# Every access is recorded, for everybody, and kept in another project where nobody of the pipeline holds a role: of objects and
# keys, of the secret that holds the key set, and of every token that somebody made as one of the accounts.

locals {
  audited = { data = var.project, runs = var.runs_project }
}

resource "google_project_iam_audit_config" "this" {
  for_each = local.audited
  project  = each.value
  service  = "allServices"

  audit_log_config {
    log_type = "ADMIN_READ"
  }
  audit_log_config {
    log_type = "DATA_READ"
  }
  audit_log_config {
    log_type = "DATA_WRITE"
  }
}

resource "google_logging_project_bucket_config" "audit" {
  project        = var.logs_project
  location       = var.region
  bucket_id      = "keyveil-audit"
  retention_days = var.log_retention_days
  locked         = true
}

resource "google_logging_project_sink" "audit" {
  for_each               = local.audited
  project                = each.value
  name                   = "keyveil-audit"
  destination            = "logging.googleapis.com/projects/${var.logs_project}/locations/${var.region}/buckets/keyveil-audit"
  filter                 = "logName:\"cloudaudit.googleapis.com\""
  unique_writer_identity = true

  depends_on = [google_logging_project_bucket_config.audit]
}

resource "google_project_iam_member" "sink" {
  for_each = google_logging_project_sink.audit
  project  = var.logs_project
  role     = "roles/logging.bucketWriter"
  member   = each.value.writer_identity
}
