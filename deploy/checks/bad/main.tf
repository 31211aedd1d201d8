# What our own checks must refuse; deploy/check fails if they let it through.

resource "google_storage_bucket" "open" {
  name     = "open"
  location = "EU"
}

data "google_iam_policy" "open" {
  binding {
    role    = "roles/storage.objectViewer"
    members = ["domain:example.com"]
  }
}

resource "google_storage_bucket_iam_member" "open" {
  bucket = google_storage_bucket.open.name
  role   = "roles/storage.legacyObjectReader"
  member = "projectViewer:example"
}
