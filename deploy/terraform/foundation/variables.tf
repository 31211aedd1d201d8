variable "project" {
  type        = string
  description = "Project of buckets, keys and secrets, and of nothing else: no job runs here, so no agent of Google's that runs jobs holds a role here."
}

variable "runs_project" {
  type        = string
  description = "Project of accounts, image, network and jobs."

  validation {
    condition     = var.runs_project != var.project
    error_message = "Jobs run in a project apart from the buckets: the agents of Cloud Run and Dataflow hold roles on all of theirs."
  }
}

variable "logs_project" {
  type        = string
  description = "Project that keeps the audit log; nobody of the pipeline holds a role there."
}

variable "organization" {
  type        = string
  description = "Number of the organisation."
}

variable "region" {
  type        = string
  description = "Region of buckets, keys and jobs."
}

variable "bucket" {
  type        = string
  description = "Name of the restricted bucket; the buckets of staging and private state are called after it."
}

variable "input_buckets" {
  type        = list(string)
  description = "Buckets of raw recordings and of the consent registry, in another project, which the worker reads and nobody of this module may change."
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

variable "verifier_until" {
  type        = string
  description = "When the verifier's grant ends, RFC 3339 in UTC, at most 90 days ahead; renew it with the readers' or after them, or verify goes red."
}

variable "administrators" {
  type        = list(string)
  description = "Who may change access above the bucket; goes into the preflight policy."
}

variable "erasers" {
  type        = list(string)
  description = "Who may start an erasure and write the name of a person into its secret: user: members."

  validation {
    condition     = alltrue([for name in var.erasers : startswith(name, "user:")])
    error_message = "An erasure is started by single people."
  }
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
  description = "Releases are removed at this age, by the job keyveil-retain."
}

variable "backstop_days" {
  type        = number
  default     = 30
  description = "The bucket deletes what is this many days older, whatever became of the job."
}

variable "log_retention_days" {
  type        = number
  default     = 400
  description = "Days the audit log is kept. The log bucket is locked: this cannot be shortened."
}

variable "perimeter" {
  type        = string
  description = "Service perimeter that both projects join: accessPolicies/N/servicePerimeters/NAME. Whoever applies this needs an access level of it."
}

variable "allowed_customers" {
  type        = list(string)
  description = "Directory customer ids whose members may be granted anything, those of readers elsewhere included (iam.allowedPolicyMemberDomains)."
}

variable "network_range" {
  type        = string
  default     = "10.64.0.0/20"
  description = "Addresses of workers and jobs."
}
