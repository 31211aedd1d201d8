# Every night, and a run by hand. The workflows start jobs and wait for them; they hold no data.

resource "google_workflows_workflow" "this" {
  for_each = {
    nights = { file = "nights.workflow.yaml", jobs = ["preflight", "nights", "retain", "backup", "verify"], set = {} }
    once   = { file = "once.workflow.yaml", jobs = ["preflight", "once", "verify"], set = { WORDS = jsonencode(local.jobs.once.args) } }
  }
  project             = var.foundation.runs_project
  region              = var.foundation.region
  name                = "keyveil-${each.key}"
  service_account     = var.foundation.accounts.launcher.id
  source_contents     = file("${path.module}/../../${each.value.file}")
  call_log_level      = "LOG_ERRORS_ONLY"
  deletion_protection = true

  user_env_vars = merge(
    { for name in each.value.jobs : "${upper(name)}_JOB" => google_cloud_run_v2_job.this[name].id },
    each.value.set,
  )

  depends_on = [google_cloud_run_v2_job_iam_member.launcher]
}

resource "google_cloud_scheduler_job" "nights" {
  project          = var.foundation.runs_project
  region           = var.foundation.region
  name             = "keyveil-nights"
  schedule         = var.schedule
  time_zone        = var.time_zone
  attempt_deadline = "180s"

  retry_config {
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = "https://workflowexecutions.googleapis.com/v1/${google_workflows_workflow.this["nights"].id}/executions"
    body        = base64encode(jsonencode({ argument = "{}" }))
    headers     = { "Content-Type" = "application/json" }

    oauth_token {
      service_account_email = var.foundation.accounts.launcher.email
    }
  }
}
