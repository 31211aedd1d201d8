# What the organisation forbids, no owner of the project can allow; what is denied, no grant opens.

locals {
  switches = toset([
    "storage.publicAccessPrevention",
    "storage.uniformBucketLevelAccess",
    "iam.disableServiceAccountKeyCreation",
  ])
  principal = {
    for member in concat(local.readers, [local.member.worker, local.member.eraser, local.dataflow_agent]) :
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
}

resource "google_org_policy_policy" "keys" {
  name   = "projects/${var.project}/policies/gcp.restrictNonCmekServices"
  parent = "projects/${var.project}"

  spec {
    rules {
      values {
        denied_values = ["storage.googleapis.com", "dataflow.googleapis.com"]
      }
    }
  }
}

resource "google_org_policy_policy" "secrets" {
  name   = "projects/${var.project}/policies/storage.restrictAuthTypes"
  parent = "projects/${var.project}"

  spec {
    rules {
      values {
        denied_values = ["in:ALL_HMAC_SIGNED_REQUESTS"]
      }
    }
  }
}

resource "google_iam_deny_policy" "others" {
  parent       = urlencode("cloudresourcemanager.googleapis.com/projects/${data.google_project.this.number}")
  name         = "keyveil-readers"
  display_name = "Nobody but the agreed identities reads objects"

  rules {
    deny_rule {
      denied_principals    = ["principalSet://goog/public:all"]
      exception_principals = values(local.principal)
      denied_permissions   = ["storage.googleapis.com/objects.get", "storage.googleapis.com/objects.list"]
    }
  }
}

resource "google_access_context_manager_service_perimeter_resource" "project" {
  perimeter_name = var.perimeter
  resource       = "projects/${data.google_project.this.number}"
}

# Workers reach Google's interfaces inside the perimeter and each other, and nothing else: whatever a library tries.
data "google_compute_subnetwork" "workers" {
  self_link = "https://www.googleapis.com/compute/v1/projects/${var.project}/${var.subnetwork}"
}

resource "google_compute_firewall" "nowhere" {
  name                    = "keyveil-workers-reach-nothing"
  network                 = data.google_compute_subnetwork.workers.network
  direction               = "EGRESS"
  priority                = 65000
  destination_ranges      = ["0.0.0.0/0"]
  target_service_accounts = [google_service_account.this["worker"].email]

  deny {
    protocol = "all"
  }
}

resource "google_compute_firewall" "google" {
  name                    = "keyveil-workers-reach-google"
  network                 = data.google_compute_subnetwork.workers.network
  direction               = "EGRESS"
  priority                = 1000
  destination_ranges      = ["199.36.153.4/30"] # restricted.googleapis.com
  target_service_accounts = [google_service_account.this["worker"].email]

  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}

resource "google_compute_firewall" "workers" {
  name                    = "keyveil-workers-reach-each-other"
  network                 = data.google_compute_subnetwork.workers.network
  direction               = "EGRESS"
  priority                = 1000
  destination_ranges      = [data.google_compute_subnetwork.workers.ip_cidr_range]
  target_service_accounts = [google_service_account.this["worker"].email]

  allow {
    protocol = "tcp"
    ports    = ["12345-12346"] # Dataflow's shuffle
  }
}
