import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import opacus.accountants.utils
import presidio_analyzer
import pytest
from presidio_analyzer import predefined_recognizers

from transforms.lazy_imports import lazy_packages
from transforms.privacy.accountant import ORDERS, get_noise_multiplier
from transforms.redact.detect.presidio import _RECOGNIZERS

ROOT = "keyveil_lazy_example"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    package = tmp_path / ROOT
    (package / "below").mkdir(parents=True)
    (package / "__init__.py").write_text(
        "from .heavy import Heavy\nfrom .light import Light as Thin\nHEAVY = Heavy()\n"
    )
    (package / "heavy.py").write_text("raise ImportError('heavy was imported')\n")
    (package / "light.py").write_text("class Light:\n    pass\n")
    (package / "below" / "__init__.py").write_text("from ..heavy import Heavy\n")
    (package / "below" / "leaf.py").write_text(f"from {ROOT} import Thin\nfrom {ROOT}.below import Heavy\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield ROOT
    for name in [name for name in sys.modules if name.startswith(ROOT)]:
        del sys.modules[name]


def test_a_package_does_not_run_and_its_names_are_imported_when_asked_for(example: str) -> None:
    stood_in = object()
    with lazy_packages(example, {f"{example}.below": {"Heavy": stood_in}}):
        leaf = import_module(f"{example}.below.leaf")
        package = import_module(example)
        assert package.Thin is leaf.Thin
        with pytest.raises(AttributeError, match="HEAVY"):
            _ = package.HEAVY
        with pytest.raises(ImportError, match="heavy was imported"):
            _ = package.Heavy
    assert leaf.Heavy is stood_in


def test_afterwards_the_package_is_imported_as_ever(example: str) -> None:
    with lazy_packages(example):
        import_module(example)
    assert example not in sys.modules
    with pytest.raises(ImportError, match="heavy was imported"):
        import_module(example)


def test_a_package_that_was_imported_before_stays_what_it_was() -> None:
    before = {name: module for name, module in sys.modules.items() if name.startswith("presidio_analyzer")}
    with lazy_packages("presidio_analyzer"):
        assert import_module("presidio_analyzer") is not presidio_analyzer
    assert {name: module for name, module in sys.modules.items() if name.startswith("presidio_analyzer")} == before


def test_the_finder_goes_even_after_an_error(example: str) -> None:
    before = list(sys.meta_path)
    with pytest.raises(ImportError, match="heavy was imported"), lazy_packages(example):
        import_module(f"{example}.heavy")
    assert sys.meta_path == before


def test_presidio_gives_the_same_recognizers_either_way() -> None:
    for name, ours in _RECOGNIZERS.items():
        theirs = getattr(predefined_recognizers, name)()
        assert [(p.regex, p.score) for p in ours().patterns] == [(p.regex, p.score) for p in theirs.patterns]
        assert ours().context == theirs.context


def test_opacus_calibrates_the_same_either_way() -> None:
    asked = {"target_epsilon": 1.0, "target_delta": 1e-8, "sample_rate": 1.0, "steps": 3, "alphas": ORDERS}
    assert get_noise_multiplier(**asked) == opacus.accountants.utils.get_noise_multiplier(**asked)


def _list_imported(modules: str, heavy: set[str]) -> str:
    code = f"import sys, {modules}; print(sorted({heavy} & sys.modules.keys()))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_a_run_needs_neither_torch_nor_spacy() -> None:
    modules = "pipelines.release.run, transforms.privacy.accountant"
    assert _list_imported(modules, {"torch", "spacy", "scipy.stats"}) == "[]"


def test_the_help_needs_no_data_package() -> None:
    assert _list_imported("pipelines.cli.main", {"pyarrow", "numpy", "apache_beam", "google.cloud.storage"}) == "[]"


def test_commands_that_run_no_graph_need_neither_beam_nor_a_detector() -> None:
    operations = ", ".join(f"pipelines.operations.{name}" for name in ("erase", "retain", "verify"))
    modules = f"{operations}, pipelines.budget.reports, pipelines.preflight.watch, pipelines.state.quarantine"
    modules += ", pipelines.state.pause, pipelines.state.id_case, pipelines.release.subjects, transforms.keys.rotation"
    assert _list_imported(modules, {"apache_beam", "presidio_analyzer", "transforms.redact.detect.detector"}) == "[]"
