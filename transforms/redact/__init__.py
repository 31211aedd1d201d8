"""Finds personal text in every column of a session and puts surrogates in its place."""

import os

# onnxruntime reads this while it is imported; its own call to turn telemetry off comes too late to keep it off the disk
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
