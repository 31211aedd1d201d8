# Every night: a process that stays runs the days since the last one and waits for its jobs. It works as the worker's account,
# which may start jobs for itself.

resource "google_project_iam_member" "nights" {
  project = var.project
  role    = google_project_iam_custom_role.launcher.id
  member  = local.member.worker
}

resource "google_cloud_run_v2_job" "nights" {
  project             = var.project
  location            = var.region
  name                = "keyveil-nights"
  deletion_protection = true

  template {
    template {
      service_account = google_service_account.this["worker"].email
      max_retries     = 1
      timeout         = "86400s"

      containers {
        image   = var.image
        command = ["keyveil"]
        args = [
          "run", "--since-last", "--json", "--journal", "-",
          "--input", var.inputs,
          "--output", "gs://${module.restricted.name}",
          "--policy", "secret:${google_secret_manager_secret.agreement.id}",
          "--consent", var.consent,
          "--keys", local.key_set,
          "--state", local.state,
          "--dataset", var.dataset,
          "--purpose", "training",
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
    NIGHTS_JOB    = google_cloud_run_v2_job.nights.id
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
