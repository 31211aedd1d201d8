"""Beam's pool of external workers, in one process, which imports and compiles but once; a program.

``apache_beam.runners.worker.worker_pool_main`` starts a process a worker.
"""

import logging
import sys

from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer


def main(port: int) -> None:
    """Serve until the process is ended."""
    logging.disable(logging.CRITICAL)
    _, server = BeamFnExternalWorkerPoolServicer.start(use_process=False, port=port)
    server.wait_for_termination()


if __name__ == "__main__":
    main(int(sys.argv[1]))
