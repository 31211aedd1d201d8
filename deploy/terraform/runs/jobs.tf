# The jobs of Cloud Run: one command of keyveil each, under the account of its task, inside the network of the perimeter.

locals {
  output    = "gs://${var.foundation.buckets.restricted}"
  agreement = "secret:${var.foundation.secrets["keyveil-preflight-policy"]}"
  record    = "gs://${var.foundation.buckets.verified}/verified.json"
  state     = "gs://${var.foundation.buckets.state}/${var.state_folder}"
  private   = ["--keys", "secret:${var.foundation.secrets["keyveil-keys"]}", "--state", local.state]
  flags = [
    "--project=${var.foundation.runs_project}",
    "--region=${var.foundation.region}",
    "--no_use_public_ips",
    "--subnetwork=${var.foundation.subnetwork}",
    "--dataflow_kms_key=${var.foundation.dataflow_key}",
    "--service_account_email=${var.foundation.accounts.worker.email}",
    "--sdk_container_image=${var.image}",
    "--staging_location=gs://${var.foundation.buckets.staging}/staging",
    "--temp_location=gs://${var.foundation.buckets.staging}/temp",
    "--labels=data_class=restricted",
    "--labels=dpia=${var.foundation.labels["dpia"]}",
    "--max_num_workers=${var.max_workers}",
    "--machine_type=${var.machine_type}",
  ]
  run = concat(
    [
      "--json", "--journal", "-",
      "--output", local.output,
      "--policy", local.agreement,
      "--consent", var.consent,
      "--config", var.config,
      "--dataset", var.dataset,
      "--purpose", "training",
    ],
    local.private,
    ["--runner", "DataflowRunner", "--"],
    local.flags,
  )
  # the words of the nights once more, for keyveil doctor --config
  settings = {
    input     = [var.inputs]
    first_day = var.first_day
    output    = local.output
    policy    = local.agreement
    consent   = var.consent
    config    = var.config
    dataset   = var.dataset
    purpose   = "training"
    keys      = local.private[1]
    state     = local.state
    runner    = "DataflowRunner"
    flags     = local.flags
  }
  jobs = {
    doctor = {
      account = "worker"
      args    = ["doctor", "--config", "/settings/nights.yaml", "--json"]
      memory  = "8Gi"
      hours   = 1
      mounts  = { settings = { secret = "keyveil-nights", file = "nights.yaml" } } # checkov:skip=CKV_SECRET_6:the name of a secret
    }
    preflight = {
      account = "preflight"
      args    = ["preflight", local.output, "--policy", local.agreement, "--json"]
      memory  = "2Gi"
      hours   = 1
      mounts  = {}
    }
    # a job is never tried again by Cloud Run: a second run would end well and hide that input was set aside, and the next night
    # catches up
    nights = {
      account = "worker"
      args    = concat(["run", "--since-last", "--first", var.first_day, "--input", var.inputs], local.run)
      memory  = "8Gi"
      hours   = 24
      mounts  = {}
    }
    # a run by hand over given inputs; the workflow hands over its words with the pattern in the place of INPUT
    once = {
      account = "worker"
      args    = concat(["run", "--input", "INPUT"], local.run)
      memory  = "8Gi"
      hours   = 24
      mounts  = {}
    }
    verify = {
      account = "verifier"
      args    = ["verify", "${local.output}/${var.dataset}", "--keys", "/verifying/signing.pem", "--record", local.record, "--json"]
      memory  = "4Gi"
      hours   = 6
      mounts  = { verifying = { secret = "keyveil-verifying-key", file = "signing.pem" } } # checkov:skip=CKV_SECRET_6:the name of a secret
    }
    retain = {
      account = "eraser"
      args    = concat(["retain", local.output, "--policy", local.agreement, "--json"], local.private)
      memory  = "4Gi"
      hours   = 6
      mounts  = {}
    }
    # needs no key: what it copies is sealed
    backup = {
      account = "eraser"
      args    = ["state", "backup", local.state, "gs://${var.foundation.buckets.backup}", "--json"]
      memory  = "4Gi"
      hours   = 6
      mounts  = {}
    }
    erase = {
      account = "eraser"
      args    = concat(["erase", local.output, "--user-file", "/erasure/user", "--consent", var.consent, "--json"], local.private)
      memory  = "8Gi"
      hours   = 24
      mounts  = { erasure = { secret = "keyveil-erasure", file = "user" } } # checkov:skip=CKV_SECRET_6:the name of a secret
    }
  }
}

resource "google_secret_manager_secret_version" "nights" {
  secret      = var.foundation.secrets["keyveil-nights"]
  secret_data = yamlencode(local.settings)
}

resource "google_cloud_run_v2_job" "this" {
  for_each            = local.jobs
  project             = var.foundation.runs_project
  location            = var.foundation.region
  name                = "keyveil-${each.key}"
  labels              = var.foundation.labels
  deletion_protection = true

  template {
    template {
      service_account = var.foundation.accounts[each.value.account].email
      max_retries     = 0
      timeout         = "${each.value.hours * 3600}s"

      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = var.foundation.network
          subnetwork = var.foundation.subnetwork
        }
      }

      containers {
        image   = var.job_image
        command = ["keyveil"]
        args    = each.value.args

        resources {
          limits = {
            cpu    = "2"
            memory = each.value.memory
          }
        }

        dynamic "volume_mounts" {
          for_each = each.value.mounts

          content {
            name       = volume_mounts.key
            mount_path = "/${volume_mounts.key}"
          }
        }
      }

      dynamic "volumes" {
        for_each = each.value.mounts

        content {
          name = volumes.key

          secret {
            secret = var.foundation.secrets[volumes.value.secret]

            items {
              path    = volumes.value.file
              version = "latest"
            }
          }
        }
      }
    }
  }

  # a job is refused whose secret has no version yet
  depends_on = [google_secret_manager_secret_version.nights]
}

# the workflows' account starts all but the erasure, which named people start
resource "google_cloud_run_v2_job_iam_member" "launcher" {
  for_each = toset(["preflight", "nights", "once", "verify", "retain", "backup"])
  project  = var.foundation.runs_project
  location = var.foundation.region
  name     = google_cloud_run_v2_job.this[each.value].name
  role     = each.value == "once" ? var.foundation.starter : "roles/run.invoker"
  member   = "serviceAccount:${var.foundation.accounts.launcher.email}"
}

resource "google_cloud_run_v2_job_iam_member" "erasers" {
  for_each = toset(var.foundation.erasers)
  project  = var.foundation.runs_project
  location = var.foundation.region
  name     = google_cloud_run_v2_job.this["erase"].name
  role     = "roles/run.invoker"
  member   = each.value
}
