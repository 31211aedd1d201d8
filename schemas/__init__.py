"""The data contract of keyveil: what a raw log is, what may be released, and the words between the stages."""
