"""The image holds what was tested, file by file."""

import re
import tomllib
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE | re.IGNORECASE)


def _versions(text: str) -> dict[str, str]:
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in _ENTRY.findall(text)}


def _image() -> str:
    return (_ROOT / "deploy" / "requirements-image.txt").read_text(encoding="utf-8")


def test_every_entry_has_a_hash() -> None:
    entries = re.split(r"\n(?=[a-z])", _image().split("\n", 1)[1])
    assert len(entries) > 80
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_image_and_the_lock_agree() -> None:
    image, lock = _versions(_image()), _versions((_ROOT / "requirements.lock").read_text(encoding="utf-8"))
    different = {name for name in image.keys() & lock.keys() if image[name] != lock[name]}
    assert not different, "run: make lock-image"


def test_the_image_holds_every_dependency_of_the_pipeline() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["pipeline"], *extras["kms"], *extras["telemetry"]]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[<>=\[;~ ]", item, maxsplit=1)[0]).lower() for item in wanted}
    assert names - {"torch"} <= _versions(_image()).keys(), "run: make lock-image"


def test_no_library_of_a_gpu_is_in_the_image_and_torch_is_not() -> None:
    """``tests/pipelines/test_offline.py`` makes a release where torch cannot be imported."""
    left_out = re.compile(r"torch|triton|(nvidia|cuda)-.*")
    assert not [name for name in _versions(_image()) if left_out.fullmatch(name)], "run: make lock-image"
    assert "opacus" in _versions(_image())


def test_what_builds_our_wheel_in_the_image_is_locked_and_nothing_is_fetched_for_it() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (builds,) = (re.split(r"[<>=]", item, maxsplit=1)[0] for item in project["build-system"]["requires"])
    assert builds in _versions(_image())
    text = (_ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    steps = [step.strip() for line in text.splitlines() if line[:1] != "#" for step in line.split("&&")]
    (own,) = (step.split() for step in steps if "pip wheel" in step and step.endswith(" ."))
    assert {"--no-build-isolation", "--no-index"} <= set(own)
    fetching = [step for step in steps if " pip " in step and "--no-index" not in step]
    assert len(fetching) == 1
    assert "--require-hashes" in fetching[0]
