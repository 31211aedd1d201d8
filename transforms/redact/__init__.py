"""Find personal text in every column of a session and put surrogates in its place.

In: typed sessions. Out: redacted sessions, withheld sessions, counts.
Start reading in ``batch``.
"""

import os

# onnxruntime reads this while it is imported; its own call to turn telemetry off comes too late to keep it off the disk
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
