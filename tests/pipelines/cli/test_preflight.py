"""The command, its page, and the two looks of a run."""

import base64
import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.credentials import Credentials
from playwright.sync_api import Browser
from rich.console import Console

from pipelines.cli.main import main
from pipelines.preflight import watch as watching
from pipelines.preflight.collect_bucket import collect_bucket, collect_seen
from pipelines.preflight.google_api import Connection, as_accounts, connect
from pipelines.preflight.html_report import page
from pipelines.preflight.watch import begin_watch, open_preflight
from schemas.errors import RefusedError, UsageError
from tests.preflight.stub import Stub, serving
from tests.preflight.world import BUCKET, NOW, PROJECT, STORAGE_B, good, policy
from tests.support.browser import list_violations, open_page
from transforms.keys.key_set import KeyReference, KeySet, create_key_set
from transforms.preflight.judge_bucket import judge_bucket
from transforms.preflight.verdict import BucketState, CheckOutcome, Verdict

_POLICY = Path(__file__).parents[2] / "preflight" / "policy.yaml"


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """Serve a good bucket to whatever connects."""
    with serving(good()) as served:
        monkeypatch.setattr(watching, "connect", lambda: served.connection)
        monkeypatch.setattr(watching, "as_accounts", lambda connection, *_: connection)
        yield served


def test_the_policy_file_says_what_the_tests_agree_on() -> None:
    assert watching.load_record(watching.BucketPolicy, _POLICY) == policy()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tree: tree["accounts"].update(writer="x"), r"accounts\.writer"),
        (lambda tree: tree["audit"].pop("sink"), r"audit\.sink"),
        (lambda tree: tree.pop("readers"), "readers is missing"),
        (lambda tree: tree.update(waivers={"walled": {"reason": "x", "until": "soon"}}), r"waivers\.walled\.until"),
        (lambda tree: tree.update(waivers={"walled": {"reason": " ", "until": NOW.date()}}), "waivers"),
        (lambda tree: tree.update(network="none"), "network"),
    ],
)
def test_a_wrong_policy_is_refused_by_the_dotted_name(
    change: Callable[[dict[str, object]], None], says: str, tmp_path: Path
) -> None:
    tree = yaml.safe_load(_POLICY.read_text())
    change(tree)
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(tree))
    with pytest.raises(UsageError, match=says):
        watching.load_record(watching.BucketPolicy, tmp_path / "policy.yaml")


def test_a_setting_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(_POLICY.read_text() + "readers: [user:eve@example.com]\n")
    with pytest.raises(UsageError, match="readers stands twice"):
        watching.load_record(watching.BucketPolicy, tmp_path / "policy.yaml")


def test_a_good_bucket_gives_exit_0_and_a_bad_one_3(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.world[STORAGE_B]["lifecycle"]["rule"][0]["condition"]["age"] = 30
    words = ["preflight", f"gs://{BUCKET}/sessions", "--policy", str(_POLICY), "--json"]
    # the recorded grants end on a day in the past of whoever runs this later
    for item in stub.world[f"{STORAGE_B}/iam"]["bindings"]:
        item.pop("condition", None)
    assert main([*words, "--html", str(tmp_path / "page.html")]) == 3
    shown = capsys.readouterr()
    result = json.loads(shown.out)
    assert [item["check"] for item in result["findings"] if item["outcome"] == "failed"] == ["grants-expire"]
    assert (shown.err.count("\n"), "--condition=" in shown.err) == (1, True)
    assert (tmp_path / "page.html").read_text().count("<tr>") == 33


def test_folders_are_checked_by_the_same_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o700)
    assert main(["preflight", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["passed"] == 12
    tmp_path.chmod(0o755)
    assert main(["preflight", str(tmp_path)]) == 3
    shown = capsys.readouterr()
    assert f"chmod 700 {tmp_path}" in shown.err
    assert "Refused" in shown.out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("preflight", "gs://acme-keyveil"), 3, "--policy"),
        (("preflight", "s3://acme-keyveil"), 3, "--policy"),
        (("preflight", "abfs://bucket"), 2, "file:"),
    ],
)
def test_wrong_use_is_one_sentence(
    words: tuple[str, ...], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(list(words)) == code
    assert says in capsys.readouterr().err


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize(
    ("words", "says"),
    [(("gs://another", "--policy", str(_POLICY)), "another bucket"), (("gs://x", "--policy", "no.yaml"), "no.yaml")],
)
def test_a_wrong_policy_is_wrong_use(words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preflight", *words]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("variable", ["STORAGE_EMULATOR_HOST", "API_ENDPOINT_OVERRIDE"])
def test_a_stand_in_for_storage_is_refused(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:1")
    with pytest.raises(RefusedError, match=variable):
        connect()


class Own(Credentials):
    """The credentials of an attached account."""

    service_account_email = "own@example.com"


def test_settings_are_read_as_one_account_and_refused_as_another() -> None:
    own = AuthorizedSession(Own(token="t"))  # type: ignore[no-untyped-call]
    to = as_accounts(Connection(own, own, own), "serviceAccount:own@example.com", "serviceAccount:canary@example.com")
    assert to.reading is to.own is own
    assert isinstance(to.canary, AuthorizedSession)
    assert to.canary.credentials.service_account_email == "canary@example.com"


def test_the_policy_may_lie_in_a_secret(stub: Stub, capsys: pytest.CaptureFixture[str]) -> None:
    name = f"projects/{PROJECT}/secrets/keyveil-preflight-policy"
    words = ["preflight", f"gs://{BUCKET}", "--policy", f"secret:{name}"]
    assert main([*words, "--json"]) == 3
    assert "secretAccessor" in capsys.readouterr().err
    payload = {"data": base64.b64encode(_POLICY.read_bytes()).decode()}
    stub.world[f"secrets/v1/{name}/versions/latest:access"] = {"payload": payload}
    main([*words, "--json"])
    assert json.loads(capsys.readouterr().out)["subject"] == f"gs://{BUCKET}"


def test_clear_shards_never_go_to_a_bucket() -> None:
    with pytest.raises(RefusedError, match="local folder only"):
        open_preflight(f"gs://{BUCKET}", str(_POLICY), sealed=False)


class _Page(HTMLParser):
    """Collects what a page needs and what a screen reader relies on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _verdict(stub: Stub, earlier: BucketState | None = None) -> Verdict:
    assert stub.connection is not None
    return judge_bucket(collect_bucket(stub.connection, policy(), NOW, writing=True, earlier=earlier), policy())


def test_the_page_stands_alone_and_is_accessible(stub: Stub) -> None:
    stub.world[STORAGE_B]["labels"]["owner"] = "<script>alert(1)</script>"
    stub.world[STORAGE_B]["versioning"] = {"enabled": True}
    text = page(_verdict(stub))
    tags = _Page(text).tags
    names = [tag for tag, _ in tags]
    assert not {"script", "img", "link", "iframe", "form"} & set(names)
    assert not any(name in attributes for _, attributes in tags for name in ("src", "href", "onclick"))
    assert "&lt;script&gt;" in text
    assert ("html", {"lang": "en"}) in tags
    assert names.count("h1") == names.count("main") == names.count("caption") == 1
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    assert "default-src 'none'" in text
    assert "✕ Failed" in text


@pytest.mark.parametrize(("width", "stacked"), [(360, True), (768, False)])
def test_the_page_hides_no_result_on_a_phone(
    stub: Stub, tmp_path: Path, browser: Browser, width: int, *, stacked: bool
) -> None:
    (tmp_path / "page.html").write_text(page(_verdict(stub)))
    size = {"viewport": {"width": width, "height": 700}}
    assert list_violations(browser, tmp_path / "page.html", **size) == []
    with open_page(browser, tmp_path / "page.html", **size) as opened:
        assert opened.evaluate("document.documentElement.scrollWidth") == width
        shown = opened.evaluate("getComputedStyle(document.querySelector('td.result'), '::before').content")
        assert ("Result" in shown) is stacked
        edges = opened.evaluate("[...document.querySelectorAll('td')].map((e) => e.getBoundingClientRect().right)")
        assert (max(edges) <= width) is stacked, "a wider table scrolls"


def test_the_result_of_the_second_look_goes_into_the_manifest(stub: Stub, tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    keys = KeySet.open(KeyReference.parse(str(tmp_path / "keys")))
    watch = begin_watch(_Recorded(stub), Console(quiet=True))
    record = watch.second_look(keys, str(tmp_path / "state" / "preflight" / "r.json"))
    assert (record.passed, record.advised, record.waived) == (32, (), ())
    assert (record.metageneration, record.policy_etag) == ("7", "CAc=")
    kept = json.loads((tmp_path / "state" / "preflight" / "r.json").read_text())
    assert kept["counts"]["passed"] == 32
    again = watch.second_look(keys, str(tmp_path / "state" / "preflight" / "r.json"))
    assert again.digest == record.digest
    watch.check_unchanged(record)
    for name, value in ((STORAGE_B, {"metageneration": "8"}), (f"{STORAGE_B}/iam", {"etag": "CAg="})):
        kept, stub.world[name] = stub.world[name], stub.world[name] | value
        with pytest.raises(RefusedError, match="changed after it was checked"):
            watch.check_unchanged(record)
        stub.world[name] = kept
    stub.broken = {STORAGE_B: 403}
    with pytest.raises(RefusedError, match="cannot be read"):
        watch.check_unchanged(record)


def test_a_bucket_that_changes_while_the_run_goes_on_stops_it(stub: Stub, tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    keys = KeySet.open(KeyReference.parse(str(tmp_path / "keys")))
    watch = begin_watch(_Recorded(stub), Console(quiet=True))
    stub.world[f"{STORAGE_B}/iam"]["etag"] = "CAg="
    with pytest.raises(RefusedError, match="while the run went on"):
        watch.second_look(keys, str(tmp_path / "r.json"))
    assert json.loads((tmp_path / "r.json").read_text())["refused"] is True


def test_a_refused_bucket_stops_the_run_at_once(stub: Stub) -> None:
    stub.world[STORAGE_B]["versioning"] = {"enabled": True}
    with pytest.raises(RefusedError, match="--no-versioning"):
        begin_watch(_Recorded(stub), Console(quiet=True))


class _Recorded:
    """A preflight at a fixed time."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub

    def look(self, earlier: BucketState | None = None) -> Verdict:
        return _verdict(self._stub, earlier)

    def read_state(self) -> BucketState | None:
        assert self._stub.connection is not None
        return collect_seen(self._stub.connection, policy())


def test_a_run_into_a_folder_that_everybody_can_write_is_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    words = ["run", "--input", "nothing.jsonl", "--consent", "nobody.csv", "--keys", str(tmp_path / "keys")]
    assert main([*words, "--output", str(folder), "--set", "store.encryption=none"]) == 3
    assert f"chmod go-w {folder}" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_an_advice_is_said_and_does_not_refuse(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    console = Console(record=True, quiet=False, file=(tmp_path / "said").open("w"), width=500)
    with console.file:
        watch = begin_watch(open_preflight(str(tmp_path), None, sealed=True), console)
    assert [item.check for item in watch.first.of(CheckOutcome.ADVISED)] == ["closed"]
    assert (tmp_path / "said").read_text().startswith(f"keyveil: warning: {tmp_path}: mode 0755; expected mode 0700")
