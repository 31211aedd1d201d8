import pytest

from schemas.rejects import Reason
from transforms.ingest.formats.foreign_format import SessionDraft
from transforms.ingest.formats.json_documents import documents


@pytest.mark.parametrize(
    ("content", "wanted", "broken"),
    [
        (b'{"a": 1}', [(1, {"a": 1})], 0),
        (b'\xef\xbb\xbf \n{"a": {}\n}\n', [(1, {"a": {}})], 0),
        (b'[{"a": 1},\n{"a": 2}]', [(1, {"a": 1}), (2, {"a": 2})], 0),
        (b"[]", [], 0),
        (b'{"a": 1}\n{"a": 2}\n\n{"a": 3}', [(1, {"a": 1}), (2, {"a": 2}), (4, {"a": 3})], 0),
        (b'{"a": \n{"a": 2}', [(2, {"a": 2})], 1),
        (b'{"a": 1}\n{"a": \n[7]', [(1, {"a": 1}), (3, [7])], 1),
        (b'{"a": 1} {"a": 2}', [], 1),
    ],
)
def test_a_file_holds_one_document_an_array_of_them_or_lines(
    content: bytes, wanted: list[tuple[int, object]], broken: int
) -> None:
    draft = SessionDraft(0)
    assert list(documents(content, draft)) == wanted
    assert [fault.problem.reason for fault in draft.recording.faults] == [Reason.BAD_JSON] * broken


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": 1', b'{\n"a": 1', b"a\n{}", b"[1\n{}"])
def test_a_file_that_breaks_off_is_no_document(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(documents(content, SessionDraft(0)))
