import pytest

from transforms.editor.keymap import Platform, has_altgr, held_of, is_named_key, is_printable, platform_of


@pytest.mark.parametrize("key", ["a", " ", "é", "字", "😀", "👩\u200d💻", "ก็"])
def test_characters_are_text(key: str) -> None:
    assert is_printable(key)
    assert not is_named_key(key)


@pytest.mark.parametrize("key", ["Enter", "Shift", "F1", "F24", "Soft3", "AudioVolumeUp", "Process", "Dead", "Tab"])
def test_named_keys_are_not(key: str) -> None:
    assert is_named_key(key)
    assert not is_printable(key)


@pytest.mark.parametrize("key", ["", "\t", "\x7f", "Esc", "hunter2"])
def test_other_ascii_words_are_neither(key: str) -> None:
    assert not is_named_key(key)
    assert not is_printable(key)


@pytest.mark.parametrize(
    ("os", "platform"),
    [
        ("macOS 14.5", Platform.APPLE),
        ("darwin", Platform.APPLE),
        ("Mac", Platform.APPLE),
        ("Windows 11", Platform.PC),
        ("linux", Platform.PC),
        ("", Platform.UNKNOWN),
        (None, Platform.UNKNOWN),
    ],
)
def test_platform_of_a_header(os: str | None, platform: Platform) -> None:
    assert platform_of(os) is platform


@pytest.mark.parametrize("layout", ["us", "US", "en-US", "00000409", "com.apple.keylayout.US", "ABC"])
def test_layouts_without_altgr(layout: str) -> None:
    assert not has_altgr(layout)


@pytest.mark.parametrize("layout", ["de", "pl", "en-GB", "us-intl", "00020409", None])
def test_layouts_that_may_have_it(layout: str | None) -> None:
    assert has_altgr(layout)


def test_modifiers_that_change_no_command_have_no_bit() -> None:
    assert held_of(["CapsLock", "NumLock", "nonsense"]) == 0
    assert held_of(["Shift", "CapsLock"]) == held_of(["Shift"])
