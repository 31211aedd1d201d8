# A bucket that keyveil preflight accepts. Grants are authoritative: what is not written here is removed, the
# convenience members of a new bucket (projectViewer: and the like) first of all.

resource "google_storage_bucket" "this" {
  project                     = var.project
  name                        = var.name
  location                    = var.location
  labels                      = var.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false
  requester_pays              = false
  default_event_based_hold    = false

  # erasable: an old version or a soft-deleted copy would still hold the person
  versioning {
    enabled = false
  }

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = var.delete_days
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 1
    }
  }

  encryption {
    default_kms_key_name = var.kms_key

    google_managed_encryption_enforcement_config {
      restriction_mode = "FullyRestricted"
    }
    customer_supplied_encryption_enforcement_config {
      restriction_mode = "FullyRestricted"
    }
  }
}

data "google_iam_policy" "access" {
  dynamic "binding" {
    for_each = length(var.readers) > 0 ? [var.readers] : []

    content {
      role    = "roles/storage.objectViewer"
      members = binding.value

      condition {
        title      = "until"
        expression = "request.time < timestamp(\"${var.readers_until}\")"
      }
    }
  }

  dynamic "binding" {
    for_each = length(var.verifiers) > 0 ? [var.verifiers] : []

    content {
      role    = "roles/storage.objectViewer"
      members = binding.value

      condition {
        title      = "until"
        expression = "request.time < timestamp(\"${var.verify_until}\")"
      }
    }
  }

  binding {
    role    = "roles/storage.objectUser"
    members = var.writers
  }
}

resource "google_storage_bucket_iam_policy" "this" {
  bucket      = google_storage_bucket.this.name
  policy_data = data.google_iam_policy.access.policy_data
}
