# What has to be on before anything else is made, and Google's agents, which are asked for: enabling an interface alone does
# not make them, and a grant to one that does not exist is refused.

locals {
  services = {
    (var.project) = [
      "accesscontextmanager", "cloudasset", "cloudkms", "cloudresourcemanager", "iam", "logging", "orgpolicy",
      "secretmanager", "storage",
    ]
    (var.runs_project) = [
      "artifactregistry", "cloudresourcemanager", "cloudscheduler", "compute", "dataflow", "dns", "iam", "iamcredentials",
      "logging", "monitoring", "run", "secretmanager", "storage", "workflowexecutions", "workflows",
    ]
  }
}

resource "google_project_service" "this" {
  for_each           = { for pair in flatten([for project, names in local.services : [for name in names : { project = project, name = name }]]) : "${pair.project}/${pair.name}" => pair }
  project            = each.value.project
  service            = "${each.value.name}.googleapis.com"
  disable_on_destroy = false
}

resource "google_project_service_identity" "secrets" {
  provider = google-beta
  project  = var.project
  service  = "secretmanager.googleapis.com"

  depends_on = [google_project_service.this]
}

resource "google_project_service_identity" "runs" {
  for_each = toset(["cloudscheduler", "dataflow", "run", "workflows"])
  provider = google-beta
  project  = var.runs_project
  service  = "${each.value}.googleapis.com"

  depends_on = [google_project_service.this]
}

data "google_project" "this" {
  project_id = var.project

  depends_on = [google_project_service.this]
}

data "google_project" "runs" {
  project_id = var.runs_project

  depends_on = [google_project_service.this]
}

data "google_storage_project_service_account" "agent" {
  project = var.project

  depends_on = [google_project_service.this]
}

locals {
  agent = {
    storage   = "serviceAccount:${data.google_storage_project_service_account.agent.email_address}"
    secrets   = "serviceAccount:${google_project_service_identity.secrets.email}"
    dataflow  = "serviceAccount:${google_project_service_identity.runs["dataflow"].email}"
    run       = "serviceAccount:${google_project_service_identity.runs["run"].email}"
    workflows = "serviceAccount:${google_project_service_identity.runs["workflows"].email}"
    scheduler = "serviceAccount:${google_project_service_identity.runs["cloudscheduler"].email}"
    # made when Compute Engine is enabled, and no other way
    compute = "serviceAccount:service-${data.google_project.runs.number}@compute-system.iam.gserviceaccount.com"
  }
}
