variable "project" {
  type        = string
  description = "Project of the bucket."
}

variable "name" {
  type        = string
  description = "Name of the bucket."
}

variable "location" {
  type        = string
  description = "Region of the bucket, where its key lies too."
}

variable "labels" {
  type        = map(string)
  description = "data_class, dpia and owner at least."
}

variable "delete_days" {
  type        = number
  description = "Objects are deleted at this age, whatever else removes them before."
}

variable "kms_key" {
  type        = string
  description = "Key that new objects are encrypted with; no other kind is accepted."
}

variable "readers" {
  type        = list(string)
  default     = []
  description = "Exactly those who may read."
}

variable "readers_until" {
  type        = string
  default     = ""
  description = "When the readers' grants end, RFC 3339 in UTC."
}

variable "verifiers" {
  type        = list(string)
  default     = []
  description = "Those who may read to verify; their grant ends apart from the readers'."
}

variable "verify_until" {
  type        = string
  default     = ""
  description = "When the verifiers' grants end, RFC 3339 in UTC."
}

variable "writers" {
  type        = list(string)
  description = "Accounts that write: the worker, and the eraser where there is something to erase."
}
