"""Objects by name, in a local folder or a bucket: complete or absent, and replaced only by who saw what was there."""
