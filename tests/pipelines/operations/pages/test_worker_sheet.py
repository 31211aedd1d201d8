"""The worker sheet promises what the code does, and no more."""

import re
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipelines.cli.main import main
from pipelines.config import RunConfig, load_config, load_record
from pipelines.operations.pages.agreed_readers import BucketAgreement, check_same_place, read_agreement
from pipelines.operations.pages.worker_sheet import render_worker_sheet
from schemas.errors import UsageError
from tests.preflight.s3_world import BUCKET, agreed
from tests.support.basis import SETTINGS, WORDS
from transforms.preflight.policy import BucketPolicy, Waiver

_POLICY = load_record(BucketPolicy, Path(__file__).parents[3] / "preflight" / "policy.yaml")
_BUCKET = f"gs://{_POLICY.bucket}/data"


def sheet(*settings: str, output: str = _BUCKET, policy: BucketAgreement | None = _POLICY) -> str:
    config: RunConfig = load_config(None, [*SETTINGS, *settings], None)
    return render_worker_sheet(output, config, policy, date(2026, 11, 30)).decode()


def item(page: str, begins: str) -> str:
    found = re.search(f"<li>({begins}.*?)</li>", page) or re.search(f"<h3>{begins}</h3><p>(.*?)</p>", page)
    assert found is not None
    return found[1]


def test_withdrawal_and_erasure_are_described_apart() -> None:
    said = item(sheet(), "Withdraw")
    assert "That alone deletes nothing: ask to be erased as well." in said
    assert "cannot take part again" in said


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        ("restricted", "your rows leave every release"),
        ("events", "Pieces without a name cannot be found again: they stay"),
        ("aggregates", "Tables and models that exist by then stay."),
    ],
)
def test_what_an_erasure_leaves_follows_the_profile(profile: str, says: str) -> None:
    assert says in item(sheet(f"noise.profile={profile}"), "Withdraw")


def test_a_pause_is_described_with_its_limits() -> None:
    said = item(sheet(), "Pause")
    for limit in (
        "Later screens may show what you wrote in the pause.",
        "see how many events all people left out",
        "What was already released stays until you are erased.",
        "The recorder itself does not stop.",
        "Ask later whether the last run obeyed your pause",
    ):
        assert limit in said


def test_the_list_of_private_applications_is_described_as_a_list() -> None:
    page = sheet()
    assert "in a program or site of that list" in page
    assert "password managers, and many banks, health and personnel sites" in page
    assert "What is not on it is kept like anything else: ask for the list, or whether a site is on it." in page
    assert "moments before the program sees" in page


def test_the_works_council_is_named_or_to_be_asked_for() -> None:
    assert "your works council (ask the contact how to reach it, if there is one), or" in item(sheet(), "Complain")
    assert "your works council (room 4), or" in item(sheet("basis.works_council=room 4"), "Complain")


def test_the_age_of_recordings_is_stated_as_what_the_organisation_says() -> None:
    assert "How long the recordings themselves are kept is not said here: ask." in sheet()
    page = sheet("basis.recordings_days=30")
    assert "deletes the recordings themselves after 30 days. This program does not check that." in page
    assert "is not said here: ask" not in page


def test_the_age_of_releases_in_a_folder_is_stated_as_what_the_organisation_says() -> None:
    stated = ("basis.releases_days=40",)
    page = sheet(*stated, output="data", policy=None)
    assert (
        "Your organisation deletes a release after 40 days. Nothing does that by itself: somebody must start it."
        in page
    )
    assert "not stated this yet" not in page
    assert "not stated this yet" in sheet(output="data", policy=None)
    assert "40 days" not in sheet(*stated, policy=None)
    assert "40 days" not in sheet(*stated, output="data")


def test_the_sheet_has_a_day_an_organisation_and_a_full_address() -> None:
    page = sheet("basis.organisation=Acme & Co", output="data")
    assert "the settings of your organisation, Acme &amp; Co. Nobody wrote it by hand." in page
    assert f"It was made on 2026-11-30, about the data kept in the folder {Path('data').absolute()}." in page
    assert "the settings of your organisation. Nobody" in sheet()
    assert f"about the data kept in {_BUCKET}." in sheet()


def test_the_purpose_is_said_to_be_programs_that_learn() -> None:
    page = sheet()
    assert "The purpose is called: training. It is not a course for you." in page
    assert "use a computer as people do (artificial intelligence, AI). Such a program is called a model." in page
    assert "a course" not in sheet("purpose=evaluation")


def test_people_are_told_how_to_begin_or_say_no_and_until_when() -> None:
    page = sheet()
    assert "used only if the list of people who agreed names you." in item(page, "Say yes or no")
    assert "A no needs no reason." in item(page, "Say yes or no")
    assert "You may tell it later too, until the release" in item(page, "Pause")
    assert "if you told it before it was released" in page
    assert "you must get an answer within a month." in page


def test_a_sheet_without_a_contact_is_written_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["worker-sheet", str(tmp_path / "dta"), "-o", str(tmp_path / "sheet.html")]
    assert main(words) == 0
    told = capsys.readouterr().err
    assert "set basis.contact before you hand it out" in told
    assert f"there is no folder {tmp_path}/dta yet; check the address" in told
    assert "basis.releases_days" in told
    (tmp_path / "dta").mkdir()
    assert main([*words, *WORDS, "--set", "basis.releases_days=1"]) == 0
    assert capsys.readouterr().err == ""


def test_released_days_are_described_beside_the_clock() -> None:
    said = item(sheet("schedule.window_days=5"), "At which hour")
    assert "no row holds a clock time" in said
    assert "states which 5 days it is about" in said


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (("noise.timing=drop",), "no times are kept."),
        (("noise.timing=noise",), "each time has noise on it"),
        (("noise.model=prior",), "from how people in general type."),
        (("noise.model=learn",), "from how all who are recorded type, with noise."),
    ],
)
def test_times_are_described_as_they_are_made(settings: tuple[str, ...], says: str) -> None:
    page = sheet(*settings)
    others = {"no times are kept.", "each time has noise on it", "from how people in", "from how all who"}
    assert [other for other in others if other in page] == [other for other in others if says.startswith(other)]
    assert says in page


@pytest.mark.parametrize(
    ("bystanders", "says"),
    [
        ("surrogate", "what other people write to you, where it stands on your screen"),
        ("withhold_incoming", "their words are left out where the program recognises them"),
        ("drop_screen", "what it showed is left out where the program recognises it"),
    ],
)
def test_words_of_others_are_described(bystanders: str, says: str) -> None:
    assert says in sheet(f"redact.bystanders={bystanders}")


@pytest.mark.parametrize(
    ("bystanders", "unknown", "told"),
    [
        ("withhold_incoming", "withhold", True),
        ("drop_screen", "withhold", True),
        ("withhold_incoming", "structure", False),
        ("surrogate", "withhold", False),
    ],
)
def test_that_unknown_windows_lose_what_was_not_typed_is_told_where_it_is_so(
    bystanders: str, unknown: str, *, told: bool
) -> None:
    page = sheet(f"redact.bystanders={bystanders}", f"redact.unknown_windows={unknown}")
    assert ("of a window that the program does not know: what you typed" in page) is told


def test_all_agreed_members_are_named_and_nobody_is_said_to_be_the_only_one() -> None:
    page = sheet(policy=replace(_POLICY, bucket_grants={"user:glass@example.com": ("roles/storage.objectViewer",)}))
    told = [f"{name.partition(':')[2]}, a" for name in _POLICY.agreed_members()]
    for member in (
        *told,
        "ana@example.com, a person<",
        "glass@example.com, a person<",
        "root@example.com, a person, who",
    ):
        assert f"<li>{member}" in page
    assert "<li>train@acme-ml.iam.gserviceaccount.com, a program</li>" in page
    assert "serviceAccount:" not in page
    assert "could let others in" in page
    assert "Only these" not in page


def test_reads_are_said_to_be_written_down_unless_that_check_is_waived() -> None:
    assert "The store writes down each read." in sheet()
    waived = replace(_POLICY, waivers={"recorded": Waiver("no logs yet", date(9999, 1, 1))})
    assert "The store writes down each read." not in sheet(policy=waived)
    other = replace(_POLICY, waivers={"record-kept": Waiver("no lock yet", date(9999, 1, 1))})
    assert "The store writes down each read." in sheet(policy=other)


def test_a_folder_has_no_record_of_reads_and_deletes_nothing_by_itself() -> None:
    page = sheet(output="data")
    assert "No list is kept of who reads it." in page
    assert "deletes by itself" not in page
    assert "delete a release after 90 days. Nothing does that by itself: somebody must start it." in page
    assert "user:ana@example.com" not in page


@pytest.mark.parametrize(("days", "says"), [(0, "keeps no copy."), (1, "keeps no copy for more than 1 days.")])
def test_copies_of_deleted_files_are_described(days: int, says: str) -> None:
    assert says in sheet(policy=replace(_POLICY, erasure_days=days))


def test_somebody_who_knows_nothing_can_follow_each_step() -> None:
    page = sheet()
    for step in (
        "Say by which name you log in",
        "A message that you write on this computer is recorded as well.",
        "and the city whose time it is",
        "ask for it to be removed",
        "a page that shows what was recorded beside what a release would hold",
        "it should say: No release holds data of yours.",
        "edpb.europa.eu",
        "Ask the contact below to see these papers.",
        "A release is a set of files",
        "Sealed means locked",
    ):
        assert step in page


@pytest.mark.parametrize(
    ("ground", "said"), [("consent", False), ("legitimate_interests", True), ("public_task", True)]
)
def test_objecting_is_offered_where_the_ground_allows_it(ground: str, *, said: bool) -> None:
    assert ("<h3>Object</h3>" in sheet(f"basis.ground={ground}")) is said


def test_the_last_day_in_a_bucket_is_that_of_its_own_rule() -> None:
    assert "after 97 days the store deletes by itself" in sheet(policy=replace(_POLICY, backstop_days=7))


def test_sealed_rows_and_marks_are_described() -> None:
    page = sheet("schedule.remember_days=40")
    assert "marks of when your sessions had events stay for 40 days, without words" in page
    assert "The next release after that removes them." in page
    assert "When they end, somebody must delete what is left." in page
    assert "A line or a recording that breaks a rule is set aside as it is, sealed. It may hold all of this." in page
    assert "What was set aside stays until you are erased." in page
    bounded = sheet("basis.quarantine_days=60")
    assert "stays for 60 days, or until you are erased; the next run after that removes it." in bounded
    assert "Where an old copy states no day, the days begin with the first run under this rule." in bounded
    assert "What was set aside stays until" not in bounded
    waits = sheet("schedule.window_days=5", "schedule.wait_days=11")
    assert "wait for the release of their 5 days, or of the next ones if a session is not over." in waits
    assert "If the release is refused they stay up to 11 days longer." in waits
    assert "Lines of which nobody knows" not in page
    assert "sealed, for 3 days" in sheet("ingest.keep_unnamed_days=3")


def test_what_is_recorded_is_told_apart_from_what_is_released() -> None:
    page = sheet()
    recorded, released = page.index("<h2>What is recorded</h2>"), page.index("<h2>What a release holds of you</h2>")
    assert recorded < page.index("the real names, the real times") < released < page.index("the keys that you press")
    assert "Ask what yours keeps, and who can read the recordings." in page
    assert "Whoever can read a recording could measure all of it." in page
    assert "A yes counts from the day that the list states" in item(page, "Say yes or no")
    assert "the same hours of every week too" in item(page, "Pause")


def test_tables_about_everybody_are_named_where_they_are_not_all_there_is() -> None:
    assert "tables of numbers about all of them together, each changed at random on purpose" in sheet()
    alone = sheet("noise.profile=aggregates")
    assert "Only tables of numbers about everybody together are kept. No row of yours is." in alone
    assert "the keys that you press" not in alone


@pytest.mark.parametrize(
    ("settings", "says", "listed"),
    [
        (("redact.bystanders=surrogate",), "What you wrote to the colleague stays.", False),
        (("redact.bystanders=withhold_incoming",), "meetings is left out where the program recognises it.", False),
        (("redact.bystanders=drop_screen", "redact.directory=p.csv"), "meeting showed of you is left out", True),
    ],
)
def test_whoever_stands_on_the_screen_of_somebody_else_is_told_what_becomes_of_it(
    settings: tuple[str, ...], says: str, *, listed: bool
) -> None:
    page = sheet(*settings).partition("<h2>If you are on somebody else&#x27;s screen</h2>")[2]
    assert says in page
    assert ("Your organisation gave the program a list of names" in page) is listed
    assert ("The program was given no list of names to find." in page) is not listed
    assert "You can ask, object and complain too, by the same contact." in page


def test_where_numbers_alone_are_released_no_word_of_others_is() -> None:
    page = sheet("noise.profile=aggregates").partition("<h2>If you are on somebody else&#x27;s screen</h2>")[2]
    assert "A release holds numbers alone" in page
    assert "You can ask, object and complain too" in page
    assert ("What you wrote" in page, "list of names" in page) == (False, False)


def test_holders_of_keys_are_listed_where_the_key_set_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, page = tmp_path / "keys", tmp_path / "sheet.html"
    assert main(["keys", "init", str(keys)]) == 0
    words = ["worker-sheet", str(tmp_path), "-o", str(page), *WORDS, "--set", "basis.releases_days=1", "--keys"]
    assert main([*words, str(keys)]) == 0
    assert "Who was given keys" not in page.read_text()
    export = ["keys", "export", "--role", "reader", str(keys), "-o", str(tmp_path / "reader.json")]
    assert main([*export, "--holder", "ML team", "--until", "2999-01-31"]) == 0
    assert main([*words, str(keys)]) == 0
    assert re.search("given keys to read releases</h2><ul><li>ML team, on .*, until 2999-01-31</li>", page.read_text())
    capsys.readouterr()
    assert main([*words, str(tmp_path / "elsewhere")]) == 0
    assert "is recorded with the original of the key set: pass that with --keys" in capsys.readouterr().err


def test_an_agreement_about_another_bucket_is_refused() -> None:
    check_same_place(_POLICY, _BUCKET)
    check_same_place(_POLICY, "data")
    check_same_place(None, "gs://other/data")
    for other in (f"gs://{_POLICY.bucket}2/data", f"s3://{_POLICY.bucket}/data"):
        with pytest.raises(UsageError, match="another bucket"):
            check_same_place(_POLICY, other)


def test_the_agreement_about_a_bucket_of_s3_tells_its_readers_and_retention(tmp_path: Path) -> None:
    file = tmp_path / "s3.yaml"
    file.write_text(yaml.safe_dump({name: _plain(value) for name, value in asdict(agreed()).items()}))
    policy = read_agreement(str(file), f"s3://{BUCKET}/data")
    page = sheet(output=f"s3://{BUCKET}/data", policy=policy)
    assert "not stated this yet" not in page
    assert "<li>train, a role of people or programs</li>" in page
    assert "<li>keyveil, a role of people or programs</li>" in page
    assert "<li>admin, a role of people or programs, who can change this</li>" in page
    assert "delete a release after 90 days" in page
    assert "the store keeps no copy." in page
    with pytest.raises(UsageError, match="another bucket"):
        read_agreement(str(file), "s3://another/data")
    assert read_agreement(None, "s3://another/data") is None


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
