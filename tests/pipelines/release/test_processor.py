from pathlib import Path

import pytest

from pipelines.release.processor import name_processor


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("model name : X\nflags\t\t: fpu fma avx avx2 sse\nflags : avx512f\n", "x86_64 avx2 fma"),
        ("flags\t: avx512_vnni avx512f fma avx2\n", "x86_64 avx2 fma avx512f avx512_vnni"),
        ("Features : asimd\n", "x86_64"),
        ("", "x86_64"),
    ],
)
def test_a_processor_is_named_by_what_libraries_choose_by(tmp_path: Path, content: str, name: str) -> None:
    (tmp_path / "cpuinfo").write_text(content, encoding="utf-8")
    assert name_processor("x86_64", tmp_path / "cpuinfo") == name


def test_where_the_system_says_nothing_the_architecture_is_named(tmp_path: Path) -> None:
    assert name_processor("arm64", tmp_path / "missing") == "arm64"
