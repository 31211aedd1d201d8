# What somebody is told of. keyveil itself says in its journal what is out of the ordinary (docs/runbook.md); an alert on a line
# of the log is told once an hour at most.

locals {
  jobs_log = "resource.type=\"cloud_run_job\" AND resource.labels.job_name=~\"^keyveil-\""
  lines = {
    failed = {
      title  = "A job of keyveil failed or was refused (exit code 3 or 4)"
      filter = "${local.jobs_log} AND jsonPayload.message=\"run failed\" AND jsonPayload.exit_code>=3"
    }
    killed = {
      title  = "A job of keyveil ended without success"
      filter = "${local.jobs_log} AND protoPayload.methodName=\"/Jobs.RunJob\" AND severity>=ERROR"
    }
    unstarted = {
      title  = "The nightly workflow could not be started"
      filter = "resource.type=\"cloud_scheduler_job\" AND resource.labels.job_id=\"keyveil-nights\" AND severity>=ERROR"
    }
    late = {
      title  = "No release of keyveil for 8 days or more"
      filter = "${local.jobs_log} AND jsonPayload.message=\"release late\""
    }
    rejects = {
      title  = "A night of keyveil set aside far more input than the one before"
      filter = "${local.jobs_log} AND jsonPayload.message=\"rejects unusual\""
    }
    unread = {
      title  = "A night of keyveil had no log, kept nothing of it, or found damaged files"
      filter = "${local.jobs_log} AND jsonPayload.message=(\"no log\" OR \"nothing kept\" OR \"damaged files\")"
    }
    registry = {
      title  = "The registry of consent or the file of pauses of keyveil may be wrong"
      filter = "${local.jobs_log} AND jsonPayload.message=(\"registry lost people\" OR \"registry row unused\" OR \"pauses of nobody\")"
    }
    budget = {
      title  = "The lifetime budget of keyveil ends within a year"
      filter = "${local.jobs_log} AND jsonPayload.message=\"budget low\""
    }
  }
}

resource "google_monitoring_notification_channel" "people" {
  project      = var.foundation.runs_project
  display_name = "keyveil"
  type         = "email"
  labels       = { email_address = var.alerts_to }
}

resource "google_monitoring_alert_policy" "line" {
  for_each              = local.lines
  project               = var.foundation.runs_project
  display_name          = each.value.title
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.people.id]

  conditions {
    display_name = each.key

    condition_matched_log {
      filter = each.value.filter
    }
  }

  alert_strategy {
    notification_rate_limit {
      period = "3600s"
    }
  }
}

# nights that end, counted: where none ended for a day and an hour, none of the lines above was written either
resource "google_logging_metric" "nights" {
  project = var.foundation.runs_project
  name    = "keyveil/nights"
  filter  = "${local.jobs_log} AND jsonPayload.message=\"run ended\""

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
  }
}

resource "google_monitoring_alert_policy" "absent" {
  project               = var.foundation.runs_project
  display_name          = "No night of keyveil ended for 25 hours"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.people.id]

  conditions {
    display_name = "absent"

    condition_prometheus_query_language {
      query               = "(sum(increase(logging_googleapis_com:user_keyveil_nights{monitored_resource=\"cloud_run_job\"}[25h])) or vector(0)) < 1"
      duration            = "0s"
      evaluation_interval = "3600s"
    }
  }
}

resource "google_monitoring_alert_policy" "grants" {
  for_each              = { readers = var.foundation.readers_until, verifier = var.foundation.verifier_until }
  project               = var.foundation.runs_project
  display_name          = "The grant of the ${each.key} ends within 7 days (${each.value})"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.people.id]

  conditions {
    display_name = each.key

    condition_prometheus_query_language {
      query               = "vector(time()) > ${provider::time::rfc3339_parse(each.value).unix - 604800}"
      duration            = "0s"
      evaluation_interval = "3600s"
    }
  }
}
