variable "foundation" {
  description = "Names of what the foundation made; its output of the same name."
  type = object({
    project        = string
    runs_project   = string
    region         = string
    labels         = map(string)
    erasers        = list(string)
    accounts       = map(object({ id = string, email = string }))
    buckets        = map(string)
    secrets        = map(string)
    dataflow_key   = string
    shards_key     = string
    starter        = string
    network        = string
    subnetwork     = string
    image          = string
    readers_until  = string
    verifier_until = string
  })
}

variable "image" {
  type        = string
  description = "Image of the workers, by digest."

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by digest."
  }
}

variable "job_image" {
  type        = string
  description = "Image of the jobs, by digest: the target job of the same Dockerfile, which is not root."

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.job_image))
    error_message = "Name the image by digest."
  }
}

variable "inputs" {
  type        = string
  description = "Pattern of the raw recordings of a day, gs://BUCKET/{day}/PATTERN."

  validation {
    condition     = can(regex("^gs://[^{}]+/.*\\{day", var.inputs))
    error_message = "The nights read gs://BUCKET/{day}/PATTERN."
  }
}

variable "first_day" {
  type        = string
  description = "The day the nights begin with, as 2026-11-22; once one was run it changes nothing."

  validation {
    condition     = can(regex("^\\d{4}-\\d{2}-\\d{2}$", var.first_day))
    error_message = "A day is written as 2026-11-22."
  }
}

variable "consent" {
  type        = string
  description = "Address of the consent registry."
}

variable "config" {
  type        = string
  description = "Address of the configuration, beside the registry; a run into a bucket needs the record of the lawful basis in it (basis.*)."
}

variable "state_folder" {
  type        = string
  default     = "keyveil"
  description = "Folder of private state in its bucket; another one after a restoration."
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

variable "max_workers" {
  type        = number
  default     = 20
  description = "Workers of a job at most."
}

variable "machine_type" {
  type        = string
  default     = "n2-highmem-4"
  description = "Machine of a worker: 8 GiB a process of its four."
}

variable "alerts_to" {
  type        = string
  description = "Address that is written to when a night fails, a release is late, or grants end."
}
