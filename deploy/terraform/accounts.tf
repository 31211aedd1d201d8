# One account a task. No keys: they are attached or impersonated, never downloaded.

locals {
  accounts = {
    worker    = "Runs the pipeline on the workers and writes releases"
    launcher  = "Starts the nightly job and waits for it"
    preflight = "Reads settings and policies, no data"
    eraser    = "Rewrites releases for erasures"
    verifier  = "Verifies sealed releases; holds no data key"
    canary    = "Is granted nothing and proves it"
  }
  member = { for name, account in google_service_account.this : name => "serviceAccount:${account.email}" }
}

resource "google_service_account" "this" {
  for_each     = local.accounts
  project      = var.project
  account_id   = "keyveil-${each.key}"
  display_name = each.value
}

resource "google_project_iam_member" "worker" {
  project = var.project
  role    = "roles/dataflow.worker"
  member  = local.member.worker
}

# roles/dataflow.developer holds more than starting a job and looking at it
resource "google_project_iam_custom_role" "launcher" {
  project     = var.project
  role_id     = "keyveilLauncher"
  title       = "keyveil launcher"
  description = "Starts a job, looks at it, stops it."
  permissions = [
    "dataflow.jobs.cancel",
    "dataflow.jobs.create",
    "dataflow.jobs.get",
    "dataflow.messages.list",
  ]
}

resource "google_project_iam_member" "launcher" {
  project = var.project
  role    = google_project_iam_custom_role.launcher.id
  member  = local.member.launcher
}

resource "google_storage_bucket_iam_member" "input" {
  bucket = var.input_bucket
  role   = "roles/storage.objectViewer"
  member = local.member.worker
}

resource "google_artifact_registry_repository_iam_member" "worker" {
  project    = split("/", var.repository)[1]
  location   = split("/", var.repository)[3]
  repository = split("/", var.repository)[5]
  role       = "roles/artifactregistry.reader"
  member     = local.member.worker
}

resource "google_service_account_iam_policy" "worker" {
  service_account_id = google_service_account.this["worker"].name
  policy_data        = data.google_iam_policy.act_as_worker.policy_data
}

# the worker itself, since its nightly process starts the jobs that run as it
data "google_iam_policy" "act_as_worker" {
  binding {
    role    = "roles/iam.serviceAccountUser"
    members = [local.member.launcher, local.member.worker]
  }
}

# the run reads settings as the preflight account, which holds no data
resource "google_service_account_iam_policy" "preflight" {
  service_account_id = google_service_account.this["preflight"].name
  policy_data        = data.google_iam_policy.read_as_preflight.policy_data
}

data "google_iam_policy" "read_as_preflight" {
  binding {
    role    = "roles/iam.serviceAccountTokenCreator"
    members = [local.member.worker]
  }
}

# to try the door as an account that was granted nothing
resource "google_service_account_iam_policy" "canary" {
  service_account_id = google_service_account.this["canary"].name
  policy_data        = data.google_iam_policy.act_as_canary.policy_data
}

data "google_iam_policy" "act_as_canary" {
  binding {
    role    = "roles/iam.serviceAccountTokenCreator"
    members = [local.member.worker, local.member.preflight]
  }
}

resource "google_organization_iam_custom_role" "preflight" {
  org_id      = var.organization
  role_id     = "keyveilPreflight"
  title       = "keyveil preflight"
  description = "Reads settings, policies, roles and keys' metadata; no data, no change."
  permissions = [
    "accesscontextmanager.policies.list",
    "accesscontextmanager.servicePerimeters.list",
    "cloudasset.assets.analyzeIamPolicy",
    "cloudasset.assets.searchAllIamPolicies",
    "cloudasset.assets.searchAllResources",
    "cloudkms.cryptoKeys.get",
    "cloudkms.cryptoKeys.getIamPolicy",
    "cloudkms.keyRings.getIamPolicy",
    "iam.denypolicies.get",
    "iam.denypolicies.list",
    "iam.roles.get",
    "iam.serviceAccountKeys.list",
    "iam.serviceAccounts.getIamPolicy",
    "logging.buckets.get",
    "logging.sinks.get",
    "orgpolicy.policy.get",
    "resourcemanager.folders.get",
    "resourcemanager.folders.getIamPolicy",
    "resourcemanager.organizations.getIamPolicy",
    "resourcemanager.projects.get",
    "resourcemanager.projects.getIamPolicy",
    "storage.buckets.get",
    "storage.buckets.getIamPolicy",
    "storage.hmacKeys.list",
    "storage.managedFolders.getIamPolicy",
    "storage.managedFolders.list",
  ]
}

resource "google_organization_iam_member" "preflight" {
  org_id = var.organization
  role   = google_organization_iam_custom_role.preflight.id
  member = local.member.preflight
}
