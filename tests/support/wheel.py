"""Our package as people and images install it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "transforms", "pipelines")


def build_wheel(folder: Path) -> Path:
    """Build the wheel of the checkout as it is, in ``folder``, and return it."""
    source = folder / "source"
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in listed.splitlines():
        if name.startswith((*(f"{package}/" for package in PACKAGES), "keyveil/", "pyproject.toml", "README.md")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."]
    subprocess.run([*build, "--wheel-dir", str(folder)], cwd=source, check=True, capture_output=True)
    (made,) = folder.glob("keyveil-*.whl")
    return made
