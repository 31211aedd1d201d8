# Workers and jobs reach Google's interfaces inside the perimeter and each other, and nothing else: whatever a library tries.
# There is no route to anywhere else, and rules hold for every address of the network: jobs of Cloud Run have no account in a rule.

resource "google_compute_network" "this" {
  project                         = var.runs_project
  name                            = "keyveil"
  auto_create_subnetworks         = false
  delete_default_routes_on_create = true

  depends_on = [google_project_service.this]
}

resource "google_compute_subnetwork" "this" {
  project                  = var.runs_project
  region                   = var.region
  name                     = "keyveil"
  network                  = google_compute_network.this.id
  ip_cidr_range            = var.network_range
  private_ip_google_access = true
  stack_type               = "IPV4_ONLY"

  log_config {
    aggregation_interval = "INTERVAL_10_MIN"
    flow_sampling        = 0.5
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

resource "google_compute_route" "google" {
  project          = var.runs_project
  name             = "keyveil-google"
  network          = google_compute_network.this.id
  dest_range       = "199.36.153.4/30" # restricted.googleapis.com
  next_hop_gateway = "default-internet-gateway"
}

resource "google_compute_firewall" "nowhere" {
  project            = var.runs_project
  name               = "keyveil-reach-nothing"
  network            = google_compute_network.this.id
  direction          = "EGRESS"
  priority           = 65000
  destination_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }
}

resource "google_compute_firewall" "google" {
  project            = var.runs_project
  name               = "keyveil-reach-google"
  network            = google_compute_network.this.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = ["199.36.153.4/30"]

  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}

resource "google_compute_firewall" "shuffle" {
  for_each           = { INGRESS = "source", EGRESS = "destination" }
  project            = var.runs_project
  name               = "keyveil-reach-each-other-${lower(each.key)}"
  network            = google_compute_network.this.id
  direction          = each.key
  priority           = 1000
  source_ranges      = each.value == "source" ? [var.network_range] : null
  destination_ranges = each.value == "destination" ? [var.network_range] : null

  allow {
    protocol = "tcp"
    ports    = ["12345-12346"] # Dataflow's shuffle
  }
}

# every name of Google's interfaces and of the registry leads to the addresses inside the perimeter
resource "google_dns_managed_zone" "google" {
  for_each   = { googleapis = "googleapis.com.", registry = "pkg.dev." }
  project    = var.runs_project
  name       = "keyveil-${each.key}"
  dns_name   = each.value
  visibility = "private"

  private_visibility_config {
    networks {
      network_url = google_compute_network.this.id
    }
  }
}

resource "google_dns_record_set" "addresses" {
  for_each     = google_dns_managed_zone.google
  project      = var.runs_project
  managed_zone = each.value.name
  name         = each.key == "googleapis" ? "restricted.${each.value.dns_name}" : each.value.dns_name
  type         = "A"
  ttl          = 300
  rrdatas      = ["199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"]
}

resource "google_dns_record_set" "names" {
  for_each     = google_dns_managed_zone.google
  project      = var.runs_project
  managed_zone = each.value.name
  name         = "*.${each.value.dns_name}"
  type         = "CNAME"
  ttl          = 300
  rrdatas      = [google_dns_record_set.addresses[each.key].name]
}
