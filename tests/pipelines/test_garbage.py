import subprocess
import sys


def test_the_command_looks_for_cycles_seldom() -> None:
    code = "import gc; from pipelines.cli import main; main(['formats']); print(gc.get_threshold()[0], gc.isenabled())"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "50000 True"
