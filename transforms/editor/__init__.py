"""The editor that both sides of the redaction share: key events in, text out, and which event made each character."""
