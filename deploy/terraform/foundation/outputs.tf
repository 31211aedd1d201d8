# What the module of the runs takes: terraform output -json foundation > ../runs/foundation.auto.tfvars.json, in { "foundation": ... }.
output "foundation" {
  description = "Names of what this module made, for the module of the runs."
  value = {
    project        = var.project
    runs_project   = var.runs_project
    region         = var.region
    labels         = var.labels
    erasers        = var.erasers
    accounts       = { for name, account in google_service_account.this : name => { id = account.id, email = account.email } }
    buckets        = { restricted = module.restricted.name, staging = module.staging.name, state = module.state.name, verified = module.verified.name, backup = module.backup.name }
    secrets        = { for name, secret in google_secret_manager_secret.this : name => "projects/${data.google_project.this.number}/secrets/${secret.secret_id}" }
    dataflow_key   = google_kms_crypto_key.this["dataflow"].id
    shards_key     = "gcp-kms://${google_kms_key_ring.this.id}/cryptoKeys/shards-{class}"
    starter        = google_project_iam_custom_role.starter.id
    network        = google_compute_network.this.id
    subnetwork     = "regions/${var.region}/subnetworks/${google_compute_subnetwork.this.name}"
    image          = "${var.region}-docker.pkg.dev/${var.runs_project}/${google_artifact_registry_repository.this.repository_id}/keyveil"
    readers_until  = var.readers_until
    verifier_until = var.verifier_until
  }
}
