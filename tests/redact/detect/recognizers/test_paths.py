import pytest

from tests.redact.detect.recognizers.conftest import Find

FOUND = [
    (r"C:\Users\maria.lopez\Desktop", "USERNAME", "maria.lopez"),
    (r"c:\users\Jane Roe\AppData", "USERNAME", "Jane Roe"),
    ("file:///C:/Users/jroe/a.txt", "USERNAME", "jroe"),
    ("file:///C:/Users/jane%20roe/a.txt", "USERNAME", "jane%20roe"),
    ("cd /home/jroe/src", "USERNAME", "jroe"),
    ("/Users/janeroe/Library", "USERNAME", "janeroe"),
    ("~jroe/notes", "USERNAME", "jroe"),
    (r"open \\files01\home\jane.roe\payslip.pdf now", "FILE_PATH", r"\\files01\home\jane.roe\payslip.pdf"),
    ("smb://files01/home/jroe", "FILE_PATH", "smb://files01/home/jroe"),
    (r"CORP\jroe", "USERNAME", "jroe"),
]
NOT_FOUND = [
    r"C:\Users\Public\Documents",
    r"C:\Windows\System32",
    "/usr/local/bin",
    "/home/runner/work",
    r"a\nb\nc",
    r"\\n\\t",
]


@pytest.mark.parametrize(("text", "entity", "value"), FOUND)
def test_personal_paths_are_found(find: Find, text: str, entity: str, value: str) -> None:
    assert (entity, value) in find(text)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_other_paths_are_left(find: Find, text: str) -> None:
    assert find(text) == []
