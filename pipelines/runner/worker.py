"""Worker process of a local run: Beam's own, but silent, because its logs may quote a record."""

import logging
import os
import sys

from pipelines.runner.memory_settings import settle_memory


def main() -> None:
    """Serve bundles until the runner hangs up; an error reaches the driver as an error of the bundle."""
    logging.disable(logging.CRITICAL)
    settle_memory()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    from apache_beam.runners.worker import sdk_worker_main  # noqa: PLC0415 - its imports log

    sdk_worker_main.main(sys.argv)


if __name__ == "__main__":
    main()
