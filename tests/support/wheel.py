"""Our package as people and images install it."""

import subprocess
import sys
from importlib.metadata import PathDistribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "transforms", "pipelines")


def build_wheel(folder: Path) -> Path:
    """Build the wheel of the checkout as it is, in ``folder``, and return it."""
    source = folder / "source"
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in listed.splitlines():
        if name.startswith(
            (*(f"{package}/" for package in PACKAGES), "keyveil/", "pyproject.toml", "README.md", "LICENSE", "NOTICE")
        ):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."]
    subprocess.run([*build, "--wheel-dir", str(folder)], cwd=source, check=True, capture_output=True)
    (made,) = folder.glob("keyveil-*.whl")
    return made


def install_alone(wheel: Path, site: Path) -> Path:
    """Install the wheel in ``site`` with what it requires and nothing else, linked from this environment."""
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    (info,) = site.glob("keyveil-*.dist-info")
    wanted, linked = _requirements(PathDistribution(info).requires), set[str]()
    while wanted:
        name = wanted.pop()
        if name in linked:
            continue
        linked.add(name)
        found = distribution(name)
        for top in {path.parts[0] for path in found.files or () if path.parts[0] != ".."}:
            (site / top).symlink_to(Path(str(found.locate_file(top))).resolve())
        wanted |= _requirements(found.requires)
    return site


def _requirements(lines: list[str] | None) -> set[str]:
    """Read the names of requirements that hold here and that no extra asks for."""
    found = [Requirement(line) for line in lines or ()]
    return {item.name for item in found if item.marker is None or item.marker.evaluate({"extra": ""})}
