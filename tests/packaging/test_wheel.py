"""People install the wheel, not the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.keyveil.conftest import published
from tests.support.wheel import PACKAGES, ROOT, build_wheel, install_alone
from transforms.keys.key_set import KeyReference, KeySet, create_key_set, export_reader

_READ_ONE = """
import sys, time
import keyveil
episode = next(iter(keyveil.episodes(sys.argv[1], keys=sys.argv[2])))
print(keyveil.__file__, episode.session, episode.events.num_rows, time.process_time())
print(*sorted({"apache_beam", "presidio_analyzer", "torch", "numpy", "yaml"} & sys.modules.keys()))
"""
_COMMANDS = """
import json, sys
from pipelines.cli import main
codes = [main.main(words) for words in json.loads(sys.argv[1])]
print(main.__file__)
sys.exit(max(codes))
"""
_MOST_CPU_SECONDS = 1.0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel with its base requirements; extras are found in this environment, where that is on the path."""
    return install_alone(wheel, tmp_path_factory.mktemp("installed") / "site")


def test_the_wheel_holds_the_packages_and_their_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert tops - {"keyveil"} == {*PACKAGES, next(top for top in tops if top.endswith(".dist-info"))}
    tracked = subprocess.run(
        ["git", "ls-files", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    wanted = {name for name in tracked if not name.endswith(".md")}
    assert wanted <= set(names)
    assert {"LICENSE", "NOTICE"} <= {name.rpartition("/")[2] for name in names if ".dist-info/licenses/" in name}


def test_the_installed_wheel_makes_a_release_from_another_folder(site: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    log = ROOT / "examples" / "recordings" / "rrweb" / "integration_form_interactions.json"
    environment = os.environ | {"PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}

    run = ["run", "--input", str(log), "--output", "out", "--keys", "keys", "--user", "somebody"]
    commands = [["keys", "init", "keys"], [*run, "--consent", "all-for-evaluation"]]
    words = [sys.executable, "-c", _COMMANDS, json.dumps(commands)]
    done = subprocess.run(words, cwd=home, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert list((home / "out").rglob("manifest.dsse.json"))
    assert Path(done.stdout.splitlines()[-1]).is_relative_to(site)


def test_a_reader_with_the_base_install_alone_reads_an_episode_in_under_a_second(site: Path, tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    keys = KeySet.open(KeyReference.parse(str(tmp_path / "keys")))
    export_reader(keys.folder, tmp_path / "reader.json")
    home = published(tmp_path, keys, tmp_path / "reader.json", [[40]], "sealed").home
    # -S: no site-packages, so that what is not in the base install cannot be found
    command = [sys.executable, "-S", "-c", _READ_ONE, str(home), str(tmp_path / "reader.json")]
    environment = {"PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}
    seconds = []
    for _ in range(3):  # the least of three: other work on the machine only adds
        done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
        (file, session, rows, cpu), heavy = (line.split() for line in done.stdout.splitlines())
        assert (session, rows, heavy) == ("s00000", "40", [])
        assert Path(file).is_relative_to(site)
        seconds.append(float(cpu))
    assert min(seconds) < _MOST_CPU_SECONDS
