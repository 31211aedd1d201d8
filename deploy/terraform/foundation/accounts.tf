# One account a task, in the project of the jobs. No keys: they are attached or impersonated, never downloaded.

locals {
  accounts = {
    worker    = "Runs the pipeline on the workers and writes releases"
    launcher  = "Starts the nightly jobs and waits for them"
    preflight = "Reads settings and policies, no data"
    eraser    = "Rewrites releases for erasures and removes old ones"
    verifier  = "Verifies sealed releases; holds no data key"
    canary    = "Is granted nothing and proves it"
  }
  member  = { for name, account in google_service_account.this : name => "serviceAccount:${account.email}" }
  readers = concat(var.readers, [local.member.verifier])
}

resource "google_service_account" "this" {
  for_each     = local.accounts
  project      = var.runs_project
  account_id   = "keyveil-${each.key}"
  display_name = each.value

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "worker" {
  project = var.runs_project
  role    = "roles/dataflow.worker"
  member  = local.member.worker
}

# What the nightly process does besides: start a job, read its messages and counters, stop it (roles/dataflow.developer holds
# more; looking at a job comes with roles/dataflow.worker).
resource "google_project_iam_custom_role" "jobs" {
  project     = var.runs_project
  role_id     = "keyveilJobs"
  title       = "keyveil jobs"
  description = "Starts a job on Dataflow, looks at it, stops it."
  permissions = [
    "dataflow.jobs.cancel",
    "dataflow.jobs.create",
    "dataflow.messages.list",
    "dataflow.metrics.get",
  ]

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "jobs" {
  project = var.runs_project
  role    = google_project_iam_custom_role.jobs.id
  member  = local.member.worker
}

# A connector of Workflows asks the operation that it started until it ends; operations belong to the project, not to a job.
# roles/run.invoker holds none of this.
resource "google_project_iam_custom_role" "watcher" {
  project     = var.runs_project
  role_id     = "keyveilWatcher"
  title       = "keyveil watcher"
  description = "Waits for jobs of Cloud Run and tells what failed."
  permissions = [
    "logging.logEntries.create",
    "run.executions.get",
    "run.jobs.get",
    "run.operations.get",
  ]

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "watcher" {
  for_each = merge({ launcher = local.member.launcher }, { for name in var.erasers : name => name })
  project  = var.runs_project
  role     = google_project_iam_custom_role.watcher.id
  member   = each.value
}

resource "google_project_iam_member" "invoker" {
  project = var.runs_project
  role    = "roles/workflows.invoker"
  member  = local.member.launcher
}

# a role of ours, because roles/run.invoker cannot hand over the input of a run by hand
resource "google_project_iam_custom_role" "starter" {
  project     = var.runs_project
  role_id     = "keyveilStarter"
  title       = "keyveil starter"
  description = "Starts one job of Cloud Run, also with other arguments."
  permissions = [
    "run.jobs.run",
    "run.jobs.runWithOverrides",
  ]

  depends_on = [google_project_service.this]
}

resource "google_storage_bucket_iam_member" "input" {
  for_each = toset(var.input_buckets)
  bucket   = each.value
  role     = "roles/storage.objectViewer"
  member   = local.member.worker
}

resource "google_service_account_iam_policy" "worker" {
  service_account_id = google_service_account.this["worker"].name
  policy_data        = data.google_iam_policy.act_as_worker.policy_data
}

# the worker itself, since its nightly process starts the jobs that run as it
data "google_iam_policy" "act_as_worker" {
  binding {
    role    = "roles/iam.serviceAccountUser"
    members = [local.member.worker]
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
    "secretmanager.secrets.getIamPolicy",
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
