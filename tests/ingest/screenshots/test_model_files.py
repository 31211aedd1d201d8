import subprocess
import sys

import pytest

from schemas.errors import UsageError
from transforms.ingest.screenshots import model_files


def test_the_networks_are_those_that_are_pinned() -> None:
    model_files.require_models()


def test_a_package_that_is_missing_and_a_file_that_is_another_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(model_files.PINS, model_files.DETECTOR, "0" * 64)
    with pytest.raises(UsageError, match=r"is not the file of rapidocr 3\.10\.0; install that one with: pip install"):
        model_files.find_model(model_files.DETECTOR)
    monkeypatch.setattr(model_files, "_PACKAGE", "no-such-package")
    with pytest.raises(UsageError, match=r"pip install 'keyveil\[ocr\]'"):
        model_files.require_models()


def test_no_code_of_the_package_and_nothing_that_could_fetch_is_loaded() -> None:
    program = (
        "import sys, socket\n"
        "import numpy as np\n"
        "socket.socket.connect = None\n"
        "from transforms.ingest.screenshots.screen_reader import ScreenReader, load_networks\n"
        "assert ScreenReader(load_networks(1)).read(np.zeros((64, 64, 3), dtype=np.uint8)) == []\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded & {'rapidocr', 'cv2', 'requests', 'omegaconf'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
