import subprocess
import sys


def test_the_command_settles_how_memory_is_taken_and_returned() -> None:
    code = """
import gc
from pipelines.cli.main import main
main(["formats"])
import pyarrow
print(gc.get_threshold()[0], gc.isenabled(), pyarrow.default_memory_pool().backend_name)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "50000 True system"
