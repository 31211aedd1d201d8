import pytest

from schemas.errors import UsageError
from transforms.ingest.settings import IngestSettings


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("ocr_threads", 1, None), ("ocr_pictures", 1, None), ("ocr_work", 1, None), ("ocr_pixels", 1, 100_000_000)],
)
def test_limits_of_screenshots_have_their_range(name: str, least: int, most: int | None) -> None:
    for allowed in filter(None, (least, most)):
        assert getattr(IngestSettings(**{name: allowed}), name) == allowed
    for beyond in (least - 1, *([most + 1] if most else [])):
        with pytest.raises(UsageError, match=rf"ingest\.{name} must be"):
            IngestSettings(**{name: beyond})


def test_screenshots_are_not_read_unless_that_is_asked_for() -> None:
    assert IngestSettings().ocr is False
