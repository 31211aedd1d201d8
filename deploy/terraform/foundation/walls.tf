# What the organisation forbids, no owner of the project can allow; what is denied, no grant opens. A list that allows stands in
# place of the organisation's own: name nothing here that the organisation does not allow.

locals {
  switches = toset([
    "storage.publicAccessPrevention",
    "storage.uniformBucketLevelAccess",
    "iam.disableServiceAccountKeyCreation",
  ])
  principal = {
    for member in concat(local.readers, [local.member.worker, local.member.eraser, local.agent.dataflow]) :
    member => startswith(member, "user:") ? "principal://goog/subject/${trimprefix(member, "user:")}" : "principal://iam.googleapis.com/projects/-/serviceAccounts/${trimprefix(member, "serviceAccount:")}"
  }
}

resource "google_org_policy_policy" "switch" {
  for_each = local.switches
  name     = "projects/${var.project}/policies/${each.value}"
  parent   = "projects/${var.project}"

  spec {
    rules {
      enforce = "TRUE"
    }
  }

  depends_on = [google_project_service.this]
}

# keys of the accounts are forbidden where the accounts are
resource "google_org_policy_policy" "no_keys" {
  name   = "projects/${var.runs_project}/policies/iam.disableServiceAccountKeyCreation"
  parent = "projects/${var.runs_project}"

  spec {
    rules {
      enforce = "TRUE"
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_org_policy_policy" "members" {
  name   = "projects/${var.project}/policies/iam.allowedPolicyMemberDomains"
  parent = "projects/${var.project}"

  spec {
    rules {
      values {
        allowed_values = var.allowed_customers
      }
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_org_policy_policy" "places" {
  name   = "projects/${var.project}/policies/gcp.resourceLocations"
  parent = "projects/${var.project}"

  spec {
    rules {
      values {
        allowed_values = ["in:${var.region}-locations"]
      }
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_org_policy_policy" "keys" {
  name   = "projects/${var.project}/policies/gcp.restrictNonCmekServices"
  parent = "projects/${var.project}"

  spec {
    inherit_from_parent = true

    rules {
      values {
        denied_values = ["storage.googleapis.com", "secretmanager.googleapis.com"]
      }
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_org_policy_policy" "secrets" {
  name   = "projects/${var.project}/policies/storage.restrictAuthTypes"
  parent = "projects/${var.project}"

  spec {
    inherit_from_parent = true

    rules {
      values {
        denied_values = ["in:ALL_HMAC_SIGNED_REQUESTS"]
      }
    }
  }

  depends_on = [google_project_service.this]
}

# The project holds nothing but these buckets: its denial would also shut out the state of Terraform, the sources of a build or
# the raw recordings, if they lay here. Dataflow's agent is excepted for the bucket of staging; no grant opens the others to it.
resource "google_iam_deny_policy" "others" {
  parent       = urlencode("cloudresourcemanager.googleapis.com/projects/${data.google_project.this.number}")
  name         = "keyveil-readers"
  display_name = "Nobody but the agreed identities reads, makes or deletes objects"

  rules {
    deny_rule {
      denied_principals    = ["principalSet://goog/public:all"]
      exception_principals = values(local.principal)
      denied_permissions = [
        "storage.googleapis.com/objects.create",
        "storage.googleapis.com/objects.delete",
        "storage.googleapis.com/objects.get",
        "storage.googleapis.com/objects.list",
        "storage.googleapis.com/objects.update",
      ]
    }
  }
}

resource "google_access_context_manager_service_perimeter_resource" "project" {
  for_each       = { data = data.google_project.this.number, runs = data.google_project.runs.number }
  perimeter_name = var.perimeter
  resource       = "projects/${each.value}"
}
