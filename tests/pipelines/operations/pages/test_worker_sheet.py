"""The worker sheet promises what the code does, and no more."""

import re
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipelines.cli.main import main
from pipelines.config import RunConfig, load_config, load_record
from pipelines.nightly.days import find_window
from pipelines.operations.key_exports import UNSTATED, KeyExport
from pipelines.operations.pages.agreed_readers import (
    BucketAgreement,
    check_same_place,
    describe_holder,
    read_agreement,
)
from pipelines.operations.pages.release_pace import ReleasePace, find_pace
from pipelines.operations.pages.worker_sheet import render_worker_sheet
from schemas.errors import RefusedError, UsageError
from tests.preflight.s3_world import BUCKET, agreed
from tests.support.basis import SETTINGS, WORDS
from tests.support.days import USERS, days_from, make_sessions, write_days
from tests.support.nights import Company, span
from transforms.preflight.policy import BucketPolicy, Waiver

_POLICY = load_record(BucketPolicy, Path(__file__).parents[3] / "preflight" / "policy.yaml")
_DAY = date(2026, 11, 30)
_BUCKET = f"gs://{_POLICY.bucket}/data"


def sheet(
    *settings: str,
    output: str = _BUCKET,
    policy: BucketAgreement | None = _POLICY,
    pace: ReleasePace = ReleasePace.UNKNOWN,
) -> str:
    config: RunConfig = load_config(None, [*SETTINGS, *settings], None)
    return render_worker_sheet(output, config, policy, _DAY, pace=pace).decode()


def item(page: str, begins: str) -> str:
    found = re.search(f"<li>({begins}.*?)</li>", page) or re.search(f"<h3>{begins}</h3>(.*?)(?:<h3>|</section>)", page)
    assert found is not None
    return found[1]


def section(page: str, title: str) -> str:
    found = re.search(f"<h2>{re.escape(title)}</h2>(.*?)</section>", page, re.DOTALL)
    assert found is not None
    return found[1]


def test_withdrawal_and_erasure_are_described_apart() -> None:
    said = item(sheet(), "Withdraw")
    assert "This alone deletes nothing.</li><li>Ask to be erased (one message can ask for both)." in said
    assert "by when recordings, and copies that readers made, are deleted: this program cannot do that." in said
    assert "You cannot take part again then." in said


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        ("restricted", "An erasure takes out your rows in every release, and what waits for one or was set aside."),
        ("restricted", "What stays: tables and AI programs that exist by then, and codes of you, so that you are not"),
        ("events", "What stays: pieces in releases, as nobody can find yours, tables and AI programs"),
        ("events", "An erasure takes out what waits for a release or was set aside."),
        ("aggregates", "An erasure takes out what waits for a release or was set aside."),
        ("aggregates", "What stays: tables and AI programs that exist by then, and codes of you, so that you are not"),
    ],
)
def test_what_an_erasure_leaves_follows_the_profile(profile: str, says: str) -> None:
    assert says in item(sheet(f"noise.profile={profile}"), "Withdraw")


def test_a_pause_is_described_with_its_limits() -> None:
    said = item(sheet(), "Pause")
    for limit in (
        "No release marks the pause, but later screens may show what you wrote in it.",
        "Earlier releases keep it until you are erased.",
        "everything from start to end, and what follows within a day until you switch to another window.",
        "Work that was set aside before (see below) stays.",
        "Ask after a release whether it obeyed",
    ):
        assert limit in said


def test_what_is_taken_out_by_a_pause_a_word_or_a_mark_is_told_apart() -> None:
    said = item(sheet(), "Take something out")
    for way in (
        "A time that is over: tell it as a pause, without a preview.",
        "A word: name it, and it is left out wherever it stands.",
        "Single steps: mark them in the preview,",
    ):
        assert f"<li>{way}" in said
    assert said.endswith("</ul><p>Later releases obey, earlier ones do not.</p>")


def test_answers_go_to_another_address_than_the_one_that_is_recorded() -> None:
    page = sheet()
    assert "A private address is fine: this computer records the answer too." in section(page, "What you can do")
    assert "<p>Please answer to this address.</p></blockquote>" in item(page, "Pause")


def test_the_list_of_private_applications_is_described_as_a_list() -> None:
    page = sheet()
    said = item(page, "what you do in private windows")
    assert "password managers, many banks, health and personnel sites" in said
    assert "Ask for the list: what it lacks is not left out. A mark stays, perhaps the first moments too" in said


def test_the_works_council_is_named_or_to_be_asked_for() -> None:
    said = item(sheet(), "Complain")
    assert "your works council (not stated here: ask), the data protection officer (not stated here: ask), or" in said
    said = item(sheet("basis.works_council=room 4", "basis.data_protection_officer=room 5"), "Complain")
    assert "your works council (room 4), the data protection officer (room 5), or" in said
    assert "Ask too whether the contact or your boss can read releases or recordings." in said


def test_a_telephone_is_named_or_to_be_asked_for() -> None:
    assert "No telephone number is stated here: ask." in sheet()
    page = sheet("basis.telephone=+49 30 1234567")
    assert 'Telephone: <a href="tel:+49301234567">+49 30 1234567</a>.' in page
    assert "No telephone number is stated" not in page


def test_who_decides_is_named_or_to_be_asked_for() -> None:
    assert "Who decides is not stated here: ask." in sheet()
    page = sheet("basis.organisation=Acme & Co")
    assert "Acme &amp; Co decides about this." in page
    assert "Who decides is not" not in page


def test_what_nobody_should_miss_comes_first_with_a_link_to_the_contact() -> None:
    page = sheet()
    brief = section(page, "In short")
    assert page.index("In short") < page.index("On this page") < page.index("<h2>What is recorded</h2>")
    assert brief.count('<p class="alert">') == 3
    for said in ("with real names and times.", "It misses some.", "does not stop for a pause.", "list of people who"):
        assert said in brief
    made = "tables and AI programs made from it stay. Do not write from this computer, which records it."
    assert f'turn to <a href="mailto:privacy@example.com">privacy@example.com</a>. But {made}' in brief
    assert f"But pieces in releases, {made}" in section(sheet("noise.profile=events"), "In short")
    numbers = section(sheet("noise.profile=aggregates"), "In short")
    assert "releases: tables of numbers about many people. No row of yours is in them." in numbers
    assert f"But {made}" in numbers
    nobody = sheet("basis.contact=''")
    assert "Whom to ask is not stated here: ask before you take part." in section(nobody, "In short")
    assert "mailto:" not in nobody
    assert "Example with a made-up login, to the contact:" in nobody


def test_each_section_is_reached_by_a_link_of_its_title() -> None:
    page = sheet()
    links = re.findall('<li><a href="#(.*?)">(.*?)</a></li>', page)
    assert links == re.findall('<section id="(.*?)"><h2>(.*?)</h2>', page)
    assert len(links) == 8


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("privacy@firm.example", "mailto:privacy@firm.example"),
        ("https://firm.example/privacy", "https://firm.example/privacy"),
        ("room 4, ask for the officer", None),
        ("javascript:alert(1)", None),
        ("ask at https://firm.example", None),
    ],
)
def test_a_contact_is_a_link_where_it_is_an_address(contact: str, link: str | None) -> None:
    page = sheet(f"basis.contact={contact}")
    assert f"The contact is: {contact}." in re.sub("<a [^>]*>|</a>", "", page)
    assert (f'<a href="{link}">' in page) is (link is not None)
    assert page.count("href=") == page.count('href="#') + page.count('href="https://edpb') + 3 * (link is not None)


def test_the_example_of_a_pause_can_be_entered_as_it_stands(tmp_path: Path) -> None:
    said = item(sheet(), "Pause")
    single = re.search("My login is (.*?)[.] Please leave out (.*?), (.*?) to (.*?), Berlin time", said)
    weekly = re.search("every Monday, (.*?) to (.*?), from (.*?) to (.*?)[.]<", said)
    assert single is not None
    assert weekly is not None
    assert (single[1], single[2]) == ("anna.example", "2026-12-07")
    pause = ["enter-pause", str(tmp_path / "p.csv"), "--user", single[1], "--zone", "Europe/Berlin"]
    assert main([*pause, "--day", single[2], "--from", single[3], "--to", single[4]]) == 0
    hours = ["--from", weekly[1], "--to", weekly[2]]
    assert main([*pause, "--day", weekly[3], *hours, "--weekly-until", weekly[4]]) == 0
    assert main([*pause, "--day", weekly[3], *hours, "--weekly-until", "2028-12-06"]) == 0, "two years"
    assert main([*pause, "--day", weekly[3], *hours, "--weekly-until", "2028-12-20"]) == 2
    assert main([*pause, "--day", weekly[3], "--from", "15:00"]) == 2, "no end"
    assert (tmp_path / "p.csv").read_text().count("anna.example") > 13


def test_how_late_a_pause_may_be_told_follows_how_releases_are_made() -> None:
    late = {pace: item(sheet(pace=pace), "Pause") for pace in ReleasePace}
    whole = "whole sessions can be left out: those that touch the pause, and later ones."
    assert [whole in late[pace] for pace in (ReleasePace.DAYS, ReleasePace.ONCE, ReleasePace.UNKNOWN)] == [
        True,
        False,
        True,
    ]
    assert "on the same day, before the program reads that day in the night" in late[ReleasePace.DAYS]
    assert "until the next release: ask when that is." in late[ReleasePace.ONCE]
    assert "If the program reads recordings each night" in late[ReleasePace.UNKNOWN]


def test_what_was_released_goes_by_an_erasure_only_where_somebody_can_be_found() -> None:
    for profile, goes in (("restricted", True), ("events", False), ("aggregates", False)):
        page = sheet(f"noise.profile={profile}")
        assert ("Earlier releases keep it until you are erased." in item(page, "Pause")) is goes
        assert ("Earlier releases keep it." in item(page, "Pause")) is not goes
    assert "In earlier ones it stays until they are deleted." in sheet("noise.profile=events")


def test_later_screens_are_spoken_of_where_a_release_holds_screens() -> None:
    for profile, told in (("restricted", True), ("events", True), ("aggregates", False)):
        said = item(sheet(f"noise.profile={profile}"), "Pause")
        assert ("No release marks the pause, but later screens may show" in said) is told
        assert ("No release marks the pause.<" in said) is not told


def test_days_of_releases_are_told_only_where_they_are_known() -> None:
    days, once, unknown = (
        sheet("schedule.window_days=5", pace=pace) for pace in (ReleasePace.DAYS, ReleasePace.ONCE, ReleasePace.UNKNOWN)
    )
    window = find_window(_DAY, 5)
    told = f"Here a release is made of every 5 days. That of {window.first} to {window.last} is made after the last"
    assert [told in page for page in (days, once, unknown)] == [True, False, False]
    unsaid = "This page cannot say which days releases cover. Ask whether you are in one."
    assert [unsaid in page for page in (days, once, unknown)] == [False, True, True]
    assert ["of which 5 days it is" in page for page in (days, once, unknown)] == [True, False, False]
    assert ["sessions wait for the release" in page for page in (days, once, unknown)] == [True, False, True]
    assert ["Marks of when you worked" in page for page in (days, once, unknown)] == [True, False, True]
    assert "<li>Locked sessions wait" in days
    assert "<li>Where releases are made by days, locked sessions wait" in unknown


def test_one_day_is_told_in_the_singular() -> None:
    settings = ("schedule.window_days=1", "schedule.wait_days=1", "schedule.remember_days=1", "basis.recordings_days=1")
    more = ("basis.quarantine_days=1", "basis.releases_days=1", "ingest.keep_unnamed_days=1")
    page = sheet(*settings, *more, output="data", policy=None, pace=ReleasePace.DAYS)
    assert page.count("1 day") == 10
    assert "1 days" not in page


def test_the_pace_of_releases_is_read_from_their_manifests(tmp_path: Path) -> None:
    company = Company(tmp_path, ("--set", "schedule.window_days=2"))
    output, keys = str(company.output), str(company.keys)
    assert find_pace(output, keys) is ReleasePace.UNKNOWN, "no folder"
    company.output.mkdir()
    assert find_pace(output, keys) is ReleasePace.UNKNOWN, "no release"
    days = days_from(date(2026, 11, 3), 4)
    files = write_days(company.logs, [*make_sessions(days, 1, 5)])
    assert company.run(*span(days)).code == 0
    assert find_pace(output, keys) is ReleasePace.DAYS
    company.one_shot(files, USERS)
    once = str(tmp_path / "one-shot")
    assert find_pace(once, keys) is ReleasePace.ONCE
    assert find_pace(once, None) is ReleasePace.UNKNOWN
    assert find_pace(once, str(tmp_path / "other")) is ReleasePace.UNKNOWN
    assert find_pace(f"gs://{once}", keys) is ReleasePace.UNKNOWN
    page = tmp_path / "page.html"
    assert main(["worker-sheet", output, "-o", str(page), *WORDS, "--keys", keys]) == 0
    assert "Here a release is made of every 7 days." in page.read_text()
    assert main(["keys", "init", str(tmp_path / "foreign")]) == 0
    with pytest.raises(RefusedError):
        find_pace(output, str(tmp_path / "foreign"))


def test_the_age_of_recordings_is_stated_as_what_the_organisation_says() -> None:
    assert "How long recordings are kept is not stated here: ask." in sheet()
    assert "ask while that is kept." in item(sheet(), "See")
    page = sheet("basis.recordings_days=30")
    assert "Recordings, your organisation says, are deleted 30 days after they were made." in page
    assert "recordings are kept is not stated" not in page
    assert "the recording, which your organisation says it deletes after 30 days." in item(page, "See")


def test_the_age_of_releases_in_a_folder_is_stated_as_what_the_organisation_says() -> None:
    stated = ("basis.releases_days=40",)
    page = sheet(*stated, output="data", policy=None)
    assert (
        "Your organisation says that it deletes a release 40 days after it was made. Somebody must start that." in page
    )
    assert "not stated this yet" not in page
    assert "not stated this yet" in sheet(output="data", policy=None)
    assert "40 days" not in sheet(*stated, policy=None)
    assert "40 days" not in sheet(*stated, output="data")


def test_the_sheet_has_a_day_an_organisation_and_a_full_address() -> None:
    page = sheet("basis.organisation=Acme & Co", output="data")
    assert "made this page on 2026-11-30 from the settings of your organisation, Acme &amp; Co. Ask" in page
    assert f"Releases lie in the folder {Path('data').absolute()}." in section(page, "Who can read it")
    assert "the settings of your organisation. Ask whether it still holds.<" in sheet()
    assert f"Releases lie in {_BUCKET}." in sheet()


def test_the_purpose_is_said_to_be_programs_that_learn() -> None:
    said = (
        "<p>To train and test AI programs that use a computer as people do.</p><p>All else is forbidden, such as:</p>"
    )
    assert f"<h2>Why it is done</h2>{said}" in sheet()
    assert f"<p>The purpose is called: evaluation.</p>{said}" in sheet("purpose=evaluation")


def test_people_are_told_how_to_begin_or_say_no_and_until_when() -> None:
    page = sheet()
    assert "Your own recordings are used only if you are on the list of people who said yes." in page
    assert "A no needs no reason." in item(page, "Say yes or no")
    assert "You can tell it later, until the release" in item(page, "Pause")
    assert "you must get an answer within a month, or a reason why it takes up to two more" in page


def test_after_a_no_nothing_is_left_to_record_by_where_a_yes_is_the_ground() -> None:
    said = item(sheet("basis.ground=consent"), "Say yes or no")
    assert "A no must do you no harm. After it, you must not be recorded on the ground of a yes. The recorder" in said
    assert "the ground of a yes" not in sheet("basis.ground=contract")
    removed = "The recorder may go on until somebody removes it: ask who, and when."
    assert f"A no needs no reason. {removed}" in item(sheet(), "Say yes or no")
    assert removed in said
    assert "The ground for your own recordings is your yes." in sheet("basis.ground=consent")
    assert "needed for a contract with you." in sheet("basis.ground=contract")
    assert "is your yes." not in sheet("basis.ground=contract")


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


def test_clocks_and_dates_on_screens_are_told_apart_from_rows() -> None:
    said = item(sheet(), "Your speed, breaks and hours")
    assert "But times and dates on a screen may stay." in said
    assert "none is one of the clock. But times and dates on a screen may stay." in sheet("noise.timing=noise")


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
        ("withhold_incoming", "not their words, where the program recognises them"),
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
    assert ("from unknown programs and sites (as a bank on no list) only what you typed" in page) is told


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
    assert "delete a release 90 days after it was made. Somebody must start that." in page
    assert "user:ana@example.com" not in page


@pytest.mark.parametrize(("days", "says"), [(0, "keeps no copy."), (1, "keeps no copy for more than 1 day.")])
def test_copies_of_deleted_files_are_described(days: int, says: str) -> None:
    assert says in sheet(policy=replace(_POLICY, erasure_days=days))


def test_somebody_who_knows_nothing_can_follow_each_step() -> None:
    page = sheet()
    for step in (
        "Say your login, and be ready to show that it is you.",
        "Name the city whose time it is.",
        "say the weekday, its first date, and the last, at most two years later",
        "End it by 24:00",
        "a page that shows a session as recorded and as released",
        "Open it in a browser on a computer that does not record you.",
        "it should say: No release holds rows of yours.",
        '<a href="https://edpb.europa.eu">https://edpb.europa.eu</a>',
        "Ask to see the papers:",
        "All of this was checked by: data protection officer",
        "a program makes releases.",
        "A session is a stretch of work",
    ):
        assert step in page


@pytest.mark.parametrize(
    ("ground", "said"), [("consent", False), ("legitimate_interests", True), ("public_task", True)]
)
def test_objecting_is_offered_where_the_ground_allows_it(ground: str, *, said: bool) -> None:
    page = sheet(f"basis.ground={ground}")
    assert ("<h3>Object</h3>" in page) is said
    assert ("You need not say why, unless you object." in page) is said
    assert ("You need not say why.<" in page) is not said


def test_the_last_day_in_a_bucket_is_that_of_its_own_rule() -> None:
    assert "after 97 days the store deletes by itself" in sheet(policy=replace(_POLICY, backstop_days=7))


def test_sealed_rows_and_marks_are_described() -> None:
    page = sheet("schedule.remember_days=40")
    assert "Marks of when you worked, without words, stay for 40 days so that copies are noticed." in page
    assert "The next release after that removes them." in page
    assert "After the last release, somebody must delete what is left." in page
    aside = "Some work cannot be released. It is set aside, locked and unchanged,"
    assert f"{aside} until you are erased." in page
    bounded = sheet("basis.quarantine_days=60")
    assert f"{aside} for 60 days, or until you are erased." in bounded
    waits = sheet("schedule.window_days=5", "schedule.wait_days=11")
    assert "wait for the release of their 5 days, or of the next ones if a session is not over." in waits
    assert "If the release is refused they stay up to 11 days longer." in waits
    assert "Parts of which nobody knows" not in page
    assert "locked, for 3 days" in sheet("ingest.keep_unnamed_days=3")


def test_what_is_recorded_is_told_apart_from_what_is_released() -> None:
    page = sheet()
    recorded, released = page.index("<h2>What is recorded</h2>"), page.index("<h2>What a release holds</h2>")
    assert recorded < page.index("holds what others write to you") < released < page.index("the keys that you press")
    assert "Ask what yours keeps, and who can read it." in page
    said = item(page, "What it does not tell")
    assert said.endswith("</ul><p>But a recording shows your speed, breaks and hours.</p>")
    assert "recorded before the day of your yes on the list, it is not used." in item(page, "Say yes or no")


def test_tables_about_everybody_are_named_where_they_are_not_all_there_is() -> None:
    told = "tables of numbers about many people, each changed at random"
    for settings in ((), ("aggregates.people=100000",), ("aggregates.people=20", "aggregates.counting=true")):
        assert told in sheet(*settings)
    for settings in (("aggregates.counting=false",), ("aggregates.people=20",)):
        assert told not in sheet(*settings)
    alone = sheet("noise.profile=aggregates")
    assert "Only tables of numbers about everybody together are kept. No row of yours is." in alone
    assert "the keys that you press" not in alone
    told = item(alone, "What it tells about you")
    assert told.startswith("<p>Nothing about you alone")
    assert told.endswith("<p>But a recording shows your speed, breaks and hours.</p>")


def test_what_a_release_tells_about_somebody_is_told_by_its_profile_and_times() -> None:
    title = "What it tells about you"
    whole, pieces = item(sheet(), title), item(sheet("noise.profile=events"), title)
    assert ["how many of your sessions it holds" in page for page in (whole, pieces)] == [True, False]
    shared = "your system and keyboard layout, where enough people share them"
    assert [shared in page for page in (whole, pieces)] == [True, False]
    for settings in (("aggregates.naming=false",), ("aggregates.people=20",)):
        assert shared not in item(sheet(*settings), title)
    for page in (whole, pieces):
        assert "your drafts: what you typed and took back" in page
        assert "roughly how fast you worked" not in page
    assert "roughly how fast you worked" in item(sheet("noise.timing=noise"), title)


@pytest.mark.parametrize(
    ("profile", "said"),
    [("restricted", "rows of yours"), ("events", "rows under a name"), ("aggregates", "rows under a name")],
)
def test_the_sentence_that_a_report_should_say_is_the_one_of_the_profile(profile: str, said: str) -> None:
    assert f"it should say: No release holds {said}" in item(sheet(f"noise.profile={profile}"), "See")


@pytest.mark.parametrize(
    ("settings", "says", "listed"),
    [
        (("redact.bystanders=surrogate",), "What you wrote to the colleague stays, but for these values.", False),
        (("redact.bystanders=withhold_incoming",), "meetings is left out where the program recognises it.", False),
        (("redact.bystanders=drop_screen", "redact.directory=p.csv"), "meeting showed of you is left out", True),
    ],
)
def test_whoever_stands_on_the_screen_of_somebody_else_is_told_what_becomes_of_it(
    settings: tuple[str, ...], says: str, *, listed: bool
) -> None:
    page = sheet(*settings).partition("<h2>If you are on a colleague&#x27;s screen</h2>")[2]
    assert says in page
    given = "The program has a list of names, which later releases replace. Ask whether yours is on it."
    assert (given in page) is listed
    asked = "The program has no list of names. Ask for one with yours: later releases then replace them."
    assert (asked in page) is not listed
    assert (
        "You too can ask, object and complain, by the same contact. Give your name and addresses, not a login." in page
    )
    assert "Ask on which ground you are recorded." in page
    assert "The program can make no report about you." in page
    assert "Stronger: name a word. Later releases leave it out wherever it stands." in page
    assert "In earlier ones it stays until they, or the colleague&#x27;s rows, are deleted." in page


def test_where_numbers_alone_are_released_no_word_of_others_is() -> None:
    page = sheet("noise.profile=aggregates").partition("<h2>If you are on a colleague&#x27;s screen</h2>")[2]
    assert "A release holds numbers alone" in page
    assert "You too can ask, object and complain" in page
    assert ("What you wrote" in page, "list of names" in page) == (False, False)


def test_holders_of_keys_are_listed_where_the_key_set_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, page = tmp_path / "keys", tmp_path / "sheet.html"
    assert main(["keys", "init", str(keys)]) == 0
    words = ["worker-sheet", str(tmp_path), "-o", str(page), *WORDS, "--set", "basis.releases_days=1", "--keys"]
    assert main([*words, str(keys)]) == 0
    assert "<h3>Keys</h3>" not in page.read_text()
    export = ["keys", "export", "--role", "reader", str(keys), "-o", str(tmp_path / "reader.json")]
    assert main([*export, "--holder", "ML team", "--until", "2999-01-31"]) == 0
    assert main([*words, str(keys)]) == 0
    export[-1] = str(tmp_path / "unnamed.json")
    assert main(export) == 0
    assert main([*words, str(keys)]) == 0
    named = r"<li>ML team got a key on \d{4}-\d\d-\d\d\. Its last day is 2999-01-31\.</li>"
    unnamed = r"<li>Somebody whose name was not entered got a key on \d{4}-\d\d-\d\d\. It has no end: ask who\.</li>"
    assert re.search(f"<h3>Keys</h3><ul>{named}{unnamed}</ul>", page.read_text())
    capsys.readouterr()
    assert main([*words, str(tmp_path / "elsewhere")]) == 0
    assert "is recorded with the original of the key set: pass that with --keys" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("holder", "end", "says"),
    [
        ("ML team", None, "ML team got a key on 2026-11-30. It has no end."),
        ("ML team", "2027-01-31", "ML team got a key on 2026-11-30. Its last day is 2027-01-31."),
        (UNSTATED, None, "Somebody whose name was not entered got a key on 2026-11-30. It has no end: ask who."),
        (
            UNSTATED,
            "2027-01-31",
            "Somebody whose name was not entered got a key on 2026-11-30. Its last day is 2027-01-31: ask who.",
        ),
    ],
)
def test_a_key_is_told_with_its_holder_or_that_nobody_entered_one(holder: str, end: str | None, says: str) -> None:
    assert describe_holder(KeyExport("reader", holder, "2026-11-30", end, None, "made-up")) == says


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
    assert "delete a release 90 days after it was made." in page
    assert "the store keeps no copy." in page
    with pytest.raises(UsageError, match="another bucket"):
        read_agreement(str(file), "s3://another/data")
    assert read_agreement(None, "s3://another/data") is None


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
