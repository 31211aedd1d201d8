# Every night: a process that stays runs the days since the last one and waits for its jobs. It works as the worker's account,
# which may start jobs for itself.

resource "google_project_iam_member" "nights" {
  project = var.project
  role    = google_project_iam_custom_role.launcher.id
  member  = local.member.worker
}

resource "google_workflows_workflow" "nights" {
  project             = var.project
  region              = var.region
  name                = "keyveil-nights"
  service_account     = google_service_account.this["launcher"].id
  source_contents     = file("${path.module}/../nights.yaml")
  call_log_level      = "LOG_ERRORS_ONLY"
  deletion_protection = true

  user_env_vars = {
    PREFLIGHT_JOB = google_cloud_run_v2_job.preflight.id
    NIGHTS_JOB    = google_cloud_run_v2_job.run["nights"].id
    VERIFY_JOB    = google_cloud_run_v2_job.verify.id
  }
}

resource "google_cloud_scheduler_job" "nights" {
  project          = var.project
  region           = var.region
  name             = "keyveil-nights"
  schedule         = var.schedule
  time_zone        = var.time_zone
  attempt_deadline = "180s"

  retry_config {
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = "https://workflowexecutions.googleapis.com/v1/${google_workflows_workflow.nights.id}/executions"
    body        = base64encode(jsonencode({ argument = "{}" }))
    headers     = { "Content-Type" = "application/json" }

    oauth_token {
      service_account_email = google_service_account.this["launcher"].email
    }
  }
}
