"""A worker as a container would run it, with stand-ins for what Google serves; a program.

Nothing of the checkout is on its path: ``pipelines`` and ``transforms`` come from the package that was staged.
"""

import os
import sys
from pathlib import Path

from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Client

from pipelines.runner import worker
from schemas.errors import RefusedError
from transforms.keys import secret_manager as managed
from transforms.object_store import gcs as bucket

_CLIENT = Client("test", AnonymousCredentials(), client_options={"api_endpoint": os.environ["STAND_IN_STORAGE"]})


def _access(name: str) -> managed.SecretVersion:
    """Give the first version of the key set, and nothing to a worker that would take whatever is the latest."""
    if not name.endswith("/versions/1"):
        raise RefusedError("a worker was told of no version of the key set")
    return managed.SecretVersion(1, Path(os.environ["STAND_IN_SECRET"]).read_bytes())


def main() -> None:
    """Serve bundles; end at once where our code is not the package that was staged."""
    site = Path(os.environ["PYTHONPATH"])
    if Path.cwd() != Path("/") or not all(Path(module.__file__).is_relative_to(site) for module in (worker, bucket)):
        sys.exit("the worker sees more than the staged package")
    bucket.client = lambda: _CLIENT
    managed.access = _access
    worker.main()


if __name__ == "__main__":
    main()
