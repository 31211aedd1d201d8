import pytest

from tests.redact.detect.recognizers.conftest import Find

FOUND = [
    ("postgres://crm:p@ss/w:rd#1@db:5432/crm", "p@ss/w:rd#1"),
    ("postgresql+psycopg2://crm:Moos@Gruen@pg1/crm", "Moos@Gruen"),
    ("mongodb+srv://app:k/l#m?n@cluster0.example.net/shop", "k/l#m?n"),
    ("redis://:Gr4nat@apfel@cache:6379/0", "Gr4nat@apfel"),
    ("jdbc:mysql://root:ab:cd/ef@db1:3306/shop", "ab:cd/ef"),
    ("https://ci:p@ss/w0rd@git.example.org/app.git", "p@ss/w0rd"),
    ("blocky:p@ss/W0hl:fein@tcp(10.4.7.19:3306)/blocky", "p@ss/W0hl:fein"),
    ("Driver={ODBC};uid=svc;pwd={Tr4wler;88!};", "Tr4wler;88!"),
    ('Server=tcp:x;User ID=app;Password="Zw3ig;Blatt";Encrypt=True', "Zw3ig;Blatt"),
    ("host=db1 user=app password='it''s a w0rd' dbname=x", "it''s a w0rd"),
    ("sqlplus scott/T1ger#1@orcl", "T1ger#1"),
    ("jdbc:oracle:thin:scott/Blau-Wal@db:1521:orcl", "Blau-Wal"),
    ("smbclient //srv/share -U hk%Feder7?x", "Feder7?x"),
    ("machine api.example.com login hk password Zweig,9", "Zweig,9"),
    ("db1:5432:*:crm:Moos:gruen#9", "Moos:gruen#9"),
    ("export https_proxy=hk:Igel@77@proxy.example:8080", "Igel@77"),
    ("WIFI:S:Heim;T:WPA;P:Moosgruen88;;", "Moosgruen88"),
    ('psk="sommer regen"', "sommer regen"),
]
NOT_FOUND = [
    "http://localhost:8080/@types/node",
    "http://web:3000/users/@me",
    "see postgres://db:5432/crm",
    "pwd={db_password};",
    "git clone https://github.com/rails/rails.git",
    "wifi settings: network key required",
]


@pytest.mark.parametrize(("text", "value"), FOUND)
def test_a_password_goes_up_to_its_last_sign(find: Find, text: str, value: str) -> None:
    found = find(text)
    kinds = {"PASSWORD", "SECRET", "EMAIL_ADDRESS"}
    assert any(value in surface for entity, surface in found if entity in kinds), found


@pytest.mark.parametrize("text", NOT_FOUND)
def test_addresses_without_a_password_are_left(find: Find, text: str) -> None:
    assert not [surface for entity, surface in find(text) if entity in {"PASSWORD", "SECRET"}]


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("Driver={ODBC Driver 17};UID=svc;pwd={Tr4wler;88!};Encrypt=True", "Encrypt=True"),
        ('User ID=app;Password="Zw3ig;Blatt";Encrypt=True', "Encrypt=True"),
        ("blocky:p@ss/W0hl:fein@tcp(10.4.7.19:3306)/blocky?charset=utf8mb4", "charset=utf8mb4"),
    ],
)
def test_what_stands_beside_a_password_stays(find: Find, text: str, beside: str) -> None:
    assert not [surface for _, surface in find(text) if beside in surface]
