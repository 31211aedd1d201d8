"""Read the text of pictures of a screen, in memory.

In: pictures and videos beside the events of a recording. Out: screens of source ``ocr``; no pixel leaves.
Start reading in ``picture_screens``.
"""

import os

# onnxruntime reads this while it is imported; its own call to turn telemetry off comes too late to keep it off the disk
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
