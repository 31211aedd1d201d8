# the image holds code and public models, nothing of anybody
resource "google_artifact_registry_repository" "this" {
  project       = var.runs_project
  location      = var.region
  repository_id = "keyveil"
  format        = "DOCKER"
  labels        = var.labels

  docker_config {
    immutable_tags = true
  }

  depends_on = [google_project_service.this]
}

resource "google_artifact_registry_repository_iam_policy" "this" {
  project     = var.runs_project
  location    = var.region
  repository  = google_artifact_registry_repository.this.repository_id
  policy_data = data.google_iam_policy.image.policy_data
}

data "google_iam_policy" "image" {
  binding {
    role    = "roles/artifactregistry.reader"
    members = [local.member.worker]
  }
}
