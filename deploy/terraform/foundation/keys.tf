# Keys by what they open: the buckets', which only the storage service's agent uses; the shards', one a sensitivity class, which
# readers need beside a grant on the bucket; Dataflow's, for the state of running jobs; the secrets', for the
# key set in Secret Manager.

locals {
  classes = ["footer", "id", "structure", "timing", "pointer", "text"]
  shards  = [for class in local.classes : "shards-${class}"]
  users = merge(
    {
      bucket   = { use = [local.agent.storage], open = [] }
      dataflow = { use = [local.agent.dataflow, local.agent.compute], open = [] }
      keys     = { use = [local.agent.secrets], open = [] }
    },
    # the verifier is a reader of sealed bytes only
    { for name in local.shards : name => { use = [local.member.worker, local.member.eraser], open = var.readers } },
  )
}

resource "google_kms_key_ring" "this" {
  project  = var.project
  name     = "keyveil"
  location = var.region

  depends_on = [google_project_service.this]
}

resource "google_kms_crypto_key" "this" {
  for_each        = toset(concat(["bucket", "dataflow", "keys"], local.shards))
  name            = each.value
  key_ring        = google_kms_key_ring.this.id
  purpose         = "ENCRYPT_DECRYPT"
  rotation_period = "7776000s"

  lifecycle {
    prevent_destroy = true
  }
}

data "google_iam_policy" "key" {
  for_each = local.users

  binding {
    role    = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    members = each.value.use
  }

  dynamic "binding" {
    for_each = length(each.value.open) > 0 ? [each.value.open] : []

    content {
      role    = "roles/cloudkms.cryptoKeyDecrypter"
      members = binding.value
    }
  }
}

resource "google_kms_crypto_key_iam_policy" "this" {
  for_each      = google_kms_crypto_key.this
  crypto_key_id = each.value.id
  policy_data   = data.google_iam_policy.key[each.key].policy_data
}
