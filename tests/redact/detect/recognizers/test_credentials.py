import pytest

from schemas.entities import TextKind
from tests.redact.detect.recognizers.conftest import Find

FOUND = [
    ("passwd 12.34", "PASSWORD", "12.34"),
    ("password is Sommer2024!", "PASSWORD", "Sommer2024!"),
    ("the password for the staging server is tr0ub4dor&3, keep it", "PASSWORD", "tr0ub4dor&3"),
    ("pwd: hunter2", "PASSWORD", "hunter2"),
    ("Passwort lautet Qwertz-99", "PASSWORD", "Qwertz-99"),
    ("mot de passe : Chaton75", "PASSWORD", "Chaton75"),
    ("remember the new password kXw7pQz31b to get in", "PASSWORD", "kXw7pQz31b"),
    ("your password has been changed to aB3xK9mQ2z", "PASSWORD", "aB3xK9mQ2z"),
    ("the login is mmuster / Feder?4711", "PASSWORD", "Feder?4711"),
    ("mysql -h db1 -u root -pS3cretPw! shop", "PASSWORD", "S3cretPw!"),
    ("deploy --password Geheim123 --verbose", "PASSWORD", "Geheim123"),
    ("net use z: /user:corp\\jdoe Blau!Wal7", "PASSWORD", "Blau!Wal7"),
    ("curl -u jdoe:Tiger-22 https://intra", "PASSWORD", "Tiger-22"),
    ("create user x identified by 'Mond#44'", "PASSWORD", "Mond#44"),
    ("Blaubeere!8812x", "PASSWORD", "Blaubeere!8812x"),
    ("heslo je ZimaLeto4711", "PASSWORD", "ZimaLeto4711"),
    ("パスワードはxQ7!pLm2z", "PASSWORD", "xQ7!pLm2z"),
    ("docker login -u me -p Blau-Wal7", "PASSWORD", "Blau-Wal7"),
    ("use qK3+zp2/Lm9ZCRFH05+Bh9okBV1/xuW55n2IMHkp please", "SECRET", "qK3+zp2/Lm9ZCRFH05+Bh9okBV1/xuW55n2IMHkp"),
    ("export API_KEY=4f9aKq81LmZx02WbTt7", "SECRET", "4f9aKq81LmZx02WbTt7"),
    ("client = Client(api_key='zQ8m-1pR77sKx2Vb90LwEe')", "SECRET", "zQ8m-1pR77sKx2Vb90LwEe"),
    ("Authorization: Bearer q9Wz81KpLm27XvTb55RrYh", "SECRET", "q9Wz81KpLm27XvTb55RrYh"),
    ("here is the token for staging: m7Rk29PzQw81LxTv", "SECRET", "m7Rk29PzQw81LxTv"),
    ("Cookie: sid=8f7a6b5c4d3e; theme=dark", "SECRET", "sid=8f7a6b5c4d3e; theme=dark"),
    ("session_id=8f3e9a1b2c(expired)", "SECRET", "8f3e9a1b2c"),
    ("postgres://app:n0tMyPw@db.example/prod", "SECRET", "app:n0tMyPw"),
    ("https://files.example/s/4?token=Zk81mQp27Xw9", "URL", "https://files.example/s/4?token=Zk81mQp27Xw9"),
    ("your verification code is 481 516", "ONE_TIME_CODE", "481 516"),
    ("G-294817 is your Example verification code", "ONE_TIME_CODE", "G-294817"),
    ("PIN: 7391", "ONE_TIME_CODE", "7391"),
    ("Login/Kennwort: ops / Birkenhain", "PASSWORD", "Birkenhain"),
]
NOT_FOUND = [
    "base-passwd   3.6.1   amd64",
    "passwd 1.2.3-4+deb12u1",
    "password is required",
    "session_id=new_session(request)",
    "Your password is incorrect.",
    "Forgot password?",
    "password manager settings",
    "const password: string = process.env.DB_PASSWORD",
    "api_key = os.environ['API_KEY']",
    "token: ${TOKEN}",
    "Set the secret in the vault before you deploy",
    "sha256 0f343b0931126a20f133d67c2b018a3b5f1d2c7e9a8b7c6d5e4f3a2b1c0d9e8f",
    "commit 3f786850e387550fdab836ed7e6dc881de23001b",
    "8d3e2c1a-4b5f-4e6d-9a7b-1c2d3e4f5a6b",
    "error code 404 on page 12",
    "#ThingsThatMadeMySummer2019 was great",
    "read the antidisestablishmentarianism chapter",
    "100% of 2,500 results",
    "trace_id=0af7651916cd43dd8448eb211c80319c span_id=b7ad6b7169203331",
    "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "SSL_KEY: /etc/ssl/certs/ca-certificates.crt",
    "x86_64-linux-gnu-c++filt",
    "docker run --rm -p 8080:80 nginx",
    "max_tokens = 2048",
    "src/components/buttons/primary/IndexButton2/styles",
    "application/vnd.openxmlformats+officedocument/wordprocessingml",
]


@pytest.mark.parametrize(("text", "entity", "value"), FOUND)
def test_credentials_are_found(find: Find, text: str, entity: str, value: str) -> None:
    found = find(text)
    assert any(value in surface for _, surface in found), found
    assert entity in {name for name, _ in found}


@pytest.mark.parametrize("text", NOT_FOUND)
def test_talk_about_credentials_is_left(find: Find, text: str) -> None:
    assert find(text) == []


def test_a_cue_at_the_end_of_a_line_reaches_the_next(find: Find) -> None:
    assert ("PASSWORD", "Kiesel-4411") in find("Please note the new password:\nKiesel-4411\nHome")


def test_digits_alone_on_the_clipboard_are_a_code(find: Find) -> None:
    assert find("482913", TextKind.CLIPBOARD) == [("ONE_TIME_CODE", "482913")]
    assert find("482913", TextKind.TITLE) == []


def test_a_connection_string_keeps_what_stands_behind_its_key(find: Find) -> None:
    key = "v3bYxRc7HhPm2LdGa9QxTn8LwB2mRc7HhY4sJd1GpA1eUoKzV3bYxRc7HhPm2LdGa9QxTn8LwB2mRc7HhY4sJg=="
    assert [value for _, value in find(f"AccountKey={key};EndpointSuffix=core.example.net")] == [key]
