variable "project" {
  type        = string
  description = "Project of the pipeline."
}

variable "organization" {
  type        = string
  description = "Number of the organisation."
}

variable "logs_project" {
  type        = string
  description = "Project that keeps the audit log; nobody of the pipeline holds a role there."
}

variable "region" {
  type        = string
  description = "Region of bucket, keys and jobs."
}

variable "bucket" {
  type        = string
  description = "Name of the restricted bucket; the buckets of staging and private state are called after it."
}

variable "input_bucket" {
  type        = string
  description = "Bucket of the raw recordings, which the worker reads and nobody of this module may change."
}

variable "readers" {
  type        = list(string)
  description = "Who trains on the releases: user: and serviceAccount: members."

  validation {
    condition     = alltrue([for name in var.readers : startswith(name, "user:") || startswith(name, "serviceAccount:")])
    error_message = "Readers are single users and service accounts."
  }
}

variable "readers_until" {
  type        = string
  description = "When the readers' grants end, RFC 3339 in UTC, at most 90 days ahead; renewed by review."
}

variable "administrators" {
  type        = list(string)
  description = "Who may change access above the bucket; goes into the preflight policy."
}

variable "labels" {
  type        = map(string)
  description = "data_class = restricted, dpia and owner."

  validation {
    condition     = lookup(var.labels, "data_class", "") == "restricted" && contains(keys(var.labels), "dpia") && contains(keys(var.labels), "owner")
    error_message = "Labels need data_class = restricted, dpia and owner."
  }
}

variable "retention_days" {
  type        = number
  default     = 90
  description = "Releases are deleted at this age."
}

variable "log_retention_days" {
  type        = number
  default     = 400
  description = "Days the audit log is kept. The log bucket is locked: this cannot be shortened."
}

variable "perimeter" {
  type        = string
  description = "Service perimeter that the project joins: accessPolicies/N/servicePerimeters/NAME."
}

variable "allowed_customers" {
  type        = list(string)
  description = "Directory customer ids whose members may be granted anything (iam.allowedPolicyMemberDomains)."
}

variable "subnetwork" {
  type        = string
  description = "Subnetwork of the workers, regions/REGION/subnetworks/NAME, with private Google access."
}

variable "image" {
  type        = string
  description = "Image of pipeline and workers, by digest."

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by digest."
  }
}

variable "repository" {
  type        = string
  description = "Artifact Registry repository of the image: projects/PROJECT/locations/REGION/repositories/NAME."
}

variable "inputs" {
  type        = string
  description = "Pattern of the raw recordings of a day, gs://BUCKET/{day}/PATTERN."
}

variable "consent" {
  type        = string
  description = "Address of the consent registry."
}

variable "dataset" {
  type        = string
  default     = "sessions"
  description = "Name of the dataset."
}

variable "schedule" {
  type        = string
  default     = "17 2 * * *"
  description = "When the nightly run starts (cron)."
}

variable "time_zone" {
  type        = string
  default     = "Etc/UTC"
  description = "Time zone of the schedule."
}
