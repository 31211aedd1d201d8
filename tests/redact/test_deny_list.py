import pytest

from schemas.errors import UsageError
from tests.support.cpu import under_cpu_seconds
from transforms.redact.deny_list import DenyList, find_denied_rows

DENY = DenyList()


@pytest.mark.parametrize("app", ["1" * 24 + "!", "a" * 20_000, "1.exe" * 10_000 + "!", "v1-" * 10_000])
def test_no_application_stalls(app: str) -> None:
    with under_cpu_seconds(0.5):
        assert not denies(app=app)


@pytest.mark.parametrize("host", ["a1." * 10_000 + "com", "sparkasse" * 2_000 + "1.com"])
def test_no_address_stalls(host: str) -> None:
    with under_cpu_seconds(0.5):
        assert not denies(url=f"https://{host}/")


@pytest.mark.parametrize(
    "app", ["KeePassXC 2.7.4", "keepassxc-2.7.exe", "KeePassXC1.exe", "C:\\a\\keepassxc.exe", "keeper 1."]
)
def test_versions_and_endings_are_no_part_of_a_name(app: str) -> None:
    assert denies(app=app)


@pytest.mark.parametrize(("length", "wanted"), [(63, True), (64, False)])
def test_a_label_has_63_characters_at_most(*, length: int, wanted: bool) -> None:
    assert denies(url=f"https://{'sparkasse'.ljust(length, 'a')}.example/") is wanted


def denies(app: str | None = None, title: str | None = None, url: str | None = None) -> bool:
    return DENY.denies(app, title, url, private=False)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.deutsche-bank.de/login",
        "https://online.citibank.com",
        "https://meine.commerzbank.de/x",
        "https://www.bankofamerica.com/",
        "https://onlinebanking.example/login",
        "https://e-banking.example.ch",
        "https://banking.sparkasse.de",
        "https://www.kreissparkasse-musterkreis.example",
        "https://www.volksbank-musterstadt.example",
        "https://hb.raiffeisen.ch",
        "https://my.mutual.bank/x",
        "https://secure.chase.com/web",
        "HTTPS://WWW.PAYPAL.COM",
        "https://user@wise.com:443/x",
        "www.chase.com/login",
        "https://vault.bitwarden.com/#/login",
        "https://mychart.hospital.example/MyChart",
        "https://patient-portal.clinic.example",
        "https://acme.bamboohr.com",
        "https://wd5.myworkday.com/acme",
    ],
)
def test_sites_about_money_health_work_and_secrets_are_dropped(url: str) -> None:
    assert denies(url=url)


@pytest.mark.parametrize(
    "url",
    [
        "blob:https://chase.com/7f",
        "view-source:https://chase.com/",
        "filesystem:https://chase.com/temporary/a.pdf",
        "https:\\\\chase.com\\x",
        "https:/chase.com",
        "https://chase%2Ecom/",
        "https://cha\u00adse.com/",
        "https://\uff43\uff48\uff41\uff53\uff45.com",
        "https://chase\u3002com/x",
        " https://chase.com./x",
        "https://a.com@chase.com:8443/x",
        "about:reader?url=https%3A%2F%2Fchase.com%2Fx",
        "jar:https://chase.com/a.jar!/x",
        "//chase.com/x",
        "ms-word:ofe|u|https://chase.com/doc",
    ],
)
def test_a_denied_site_is_dropped_in_every_spelling_that_a_browser_reads(url: str) -> None:
    assert denies(url=url)
    assert not denies(url=url.replace("chase", "purchase").replace("cha\u00adse", "purchase").replace("\uff43", "purc"))


def test_an_added_rule_names_a_host_in_ascii_or_in_letters() -> None:
    for rule in (r"b\u00fccher\.example", r"xn--bcher-kva\.example"):
        assert DenyList((rule,)).denies(None, None, "https://B\u00dcCHER.example/x", private=False)


@pytest.mark.parametrize(
    "url",
    [
        "https://databank.example",
        "https://bank.example.org/a",
        "https://data-bank.example/x",
        "https://bankside-theatre.com",
        "https://www.riverbank.org",
        "https://data.worldbank.org/indicator",
        "https://foodbank.example",
        "https://question-bank.school.example",
        "https://bankruptcy.gov.uk",
        "https://embankment.example",
        "https://banquet.example",
        "https://patience.example",
        "https://www.ing-build.example",
        "https://purchase.com",
        "https://likewise.com",
        "https://example.com/bank/login?u=chase.com",
        "https://example.com/?next=https://paypal.com/",
        "https://notpaypal.com.example.net",
        "https://www.nhs.uk/conditions",
        "https://github.com/bitwarden/clients",
        "about:blank",
        "file:///home/x/bank.txt",
        "",
    ],
)
def test_sites_that_only_sound_like_it_stay(url: str) -> None:
    assert not denies(url=url)


@pytest.mark.parametrize(
    "app",
    [
        "KeePassXC",
        "1Password",
        "1Password 8",
        "1Password.exe",
        "C:\\Program Files\\KeePassXC\\KeePassXC.exe",
        "/usr/bin/keepassxc",
        "org.keepassxc.KeePassXC",
        "com.bitwarden.desktop",
        "Keychain Access.app",
        "Proton Pass",
    ],
)
def test_password_managers_are_dropped(app: str) -> None:
    assert denies(app=app)


@pytest.mark.parametrize(
    "app", ["chrome", "Passport", "Word", "bitwarden-docs-reader", "com.microsoft.Word", "", None, "Keynote", "2"]
)
def test_other_applications_stay(app: str | None) -> None:
    assert not denies(app=app)


@pytest.mark.parametrize(
    "title",
    [
        "Wikipedia - Google Chrome (Incognito)",
        "New tab - [InPrivate] - Microsoft Edge",
        "Mozilla Firefox Private Browsing",
        "News — Mozilla Firefox Private Browsing",
        "Neuer Tab - Mozilla Firefox (Privater Modus)",
        "Accueil - Mozilla Firefox (Navigation privée)",
        "Online Banking - Google Chrome",
        "Bitwarden Web Vault — Mozilla Firefox",
    ],
)
def test_private_windows_and_named_pages_are_dropped(title: str) -> None:
    assert denies(title=title)


@pytest.mark.parametrize(
    "title",
    [
        "Incognito (2009) - IMDb - Google Chrome",
        "Incognito - IMDb - Google Chrome",
        "How private browsing works - Google Chrome",
        "Your online banking statement is ready - Outlook",
        "Install Bitwarden on Linux - Google Chrome",
        "Document1 - Word",
        "",
        None,
    ],
)
def test_other_titles_stay(title: str | None) -> None:
    assert not denies(title=title)


def test_a_title_names_a_page_only_where_no_address_does() -> None:
    assert not denies(title="MyChart - Google Chrome", url="https://en.wikipedia.org/wiki/MyChart")


def test_a_window_that_the_recorder_calls_private_is_dropped() -> None:
    assert DENY.denies("chrome", "x", "https://example.com", private=True)


def test_added_rules_match_whole_applications_and_hosts_and_parts_of_titles() -> None:
    rules = DenyList((r"payroll\w*", r"intranet\.example"))
    assert rules.denies("Payroll2", None, None, private=False)
    assert not rules.denies("My Payroll2", None, None, private=False)
    assert rules.denies(None, "the payroll of May", None, private=False)
    assert rules.denies(None, None, "https://intranet.example/x", private=False)
    assert not rules.denies(None, None, "https://x.intranet.example/x", private=False)


def test_a_rule_that_does_not_compile_is_named() -> None:
    with pytest.raises(UsageError, match=r"redact\.denied"):
        DenyList(("(",))


def test_a_stretch_lasts_until_the_focus_goes_to_something_allowed() -> None:
    assert find_denied_rows([0, 5, 9], [True, False, True], [12, 12, 12]) == [(0, 5), (9, 12)]
    assert find_denied_rows([0, 5, 9], [False, True, True], [12, 12, 12]) == [(5, 12)]
    assert find_denied_rows([2, 8], [True, True], [8, 12]) == [(2, 8), (8, 12)]
    assert find_denied_rows([2, 9], [True, False], [8, 12]) == [(2, 8)]
    assert find_denied_rows([], [], []) == []
