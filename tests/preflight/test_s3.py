"""A bucket of S3 that keeps the agreement passes, and each way to break it fails its own check."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.cli.main import main
from pipelines.preflight import s3_preflight
from pipelines.preflight.collect_s3 import S3Connection, collect_s3
from pipelines.preflight.s3_preflight import S3Preflight
from pipelines.preflight.watch import open_preflight
from schemas.errors import RefusedError, UsageError
from tests.preflight.s3_world import (
    ACCOUNT,
    ADMIN,
    BUCKET,
    KEY,
    NOW,
    READER,
    SELECTOR,
    WRITER,
    agreed,
    build,
    denial,
    good_facts,
    record_objects,
)
from tests.support.s3 import REGION, s3_client
from transforms.object_store import s3
from transforms.preflight.judge_folder import Use
from transforms.preflight.policy import Waiver
from transforms.preflight.s3.checks import S3_CHECKS, judge_s3
from transforms.preflight.s3.facts import PERMISSIONS
from transforms.preflight.verdict import BucketState, CheckOutcome

OTHER = f"arn:aws:iam::{ACCOUNT}:role/other"
_STATES = (BucketState("a", "b"), BucketState("a", "c"))


def failed(**changes: Any) -> list[str]:
    return [finding.check for finding in judge_s3(good_facts(**changes), agreed()).of(CheckOutcome.FAILED)]


def test_the_good_bucket_passes_every_check() -> None:
    assert failed() == []
    assert len(S3_CHECKS) == 20
    assert failed(state=_STATES[0], earlier=_STATES[0]) == []


Change = Callable[[dict[str, Any]], object]


def _statement(number: int, **changes: Any) -> Change:
    return lambda read: read["policy"]["Statement"][number].update(changes)


def _rule(**changes: Any) -> Change:
    return lambda read: read["lifecycle"]["Rules"][0].update(changes)


def _set(name: str, value: Any) -> Change:
    return lambda read: read.update({name: value})


def _encrypted(**changes: str) -> Change:
    def change(read: dict[str, Any]) -> None:
        rules = read["encryption"]["ServerSideEncryptionConfiguration"]["Rules"]
        rules[0]["ApplyServerSideEncryptionByDefault"].update(changes)

    return change


def _trail(part: str, **changes: Any) -> Change:
    return lambda read: read["trails"][1][part].update(changes)


def _selects(**changes: Any) -> Change:
    return _trail("selectors", EventSelectors=[{**SELECTOR, **changes}])


def _advanced(**changes: dict[str, list[str]] | None) -> Change:
    """Select by fields, of which some are changed and those that are ``None`` left out."""
    whole = {"eventCategory": {"Equals": ["Data"]}, "type": {"Equals": ["AWS::S3::Object"]}} | changes
    long = {"type": "resources.type", "ARN": "resources.ARN"}
    fields = [{"Field": long.get(name, name), **held} for name, held in whole.items() if held is not None]
    return _trail(
        "selectors", EventSelectors=[], AdvancedEventSelectors=[{"Name": "objects", "FieldSelectors": fields}]
    )


_MUTATIONS: list[tuple[str, Change]] = [
    ("right-place", _set("location", {"LocationConstraint": "eu-west-1"})),
    ("right-place", _set("location", {"LocationConstraint": None})),
    ("public-access-block", _set("public_access_block", {})),
    *(
        ("public-access-block", lambda read, name=name: _blocks(read).update({name: False}))
        for name in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    ),
    ("no-access-lists", _set("ownership", {})),
    ("no-access-lists", _set("ownership", {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}})),
    ("not-public", _set("policy_status", {"PolicyStatus": {"IsPublic": True}})),
    ("not-public", _set("policy_status", {})),
    ("not-public", _set("stranger", 200)),
    ("not-public", _set("stranger", 404)),
    ("agreed-principals", _statement(0, Principal={"AWS": [READER, OTHER]})),
    ("agreed-principals", _statement(0, Principal="*")),
    ("agreed-principals", _statement(0, Principal={"Service": "s3.amazonaws.com"})),
    ("agreed-principals", _statement(0, Principal={"AWS": READER, "Service": "s3.amazonaws.com"})),
    ("agreed-principals", _statement(0, Action=["s3:GetObject", "s3:PutObject"])),
    ("agreed-principals", _statement(0, Action="s3:Get*")),
    ("agreed-principals", lambda read: read["policy"]["Statement"][1].pop("Action")),
    ("reading-denied", lambda read: read["policy"]["Statement"].pop(2)),
    ("reading-denied", _statement(2, Action=["s3:GetObject*"])),
    ("reading-denied", _statement(2, Action=["s3:GetObject", "s3:ListBucket*"])),
    ("reading-denied", _statement(2, **denial(["s3:GetObject*", "s3:ListBucket*"], READER, WRITER, OTHER))),
    ("reading-denied", _statement(2, **denial(["s3:GetObject*", "s3:ListBucket*"], f"arn:aws:iam::{ACCOUNT}:role/*"))),
    ("reading-denied", _statement(2, Resource=[f"arn:aws:s3:::{BUCKET}/*"])),
    ("reading-denied", _statement(2, Resource=[f"arn:aws:s3:::{BUCKET}"])),
    ("reading-denied", _statement(2, Resource=["arn:aws:s3:::other", "arn:aws:s3:::other/*"])),
    ("reading-denied", _statement(2, Principal={"AWS": OTHER})),
    ("reading-denied", _statement(2, Condition={"ArnEquals": {"aws:PrincipalArn": [OTHER]}})),
    ("reading-denied", _statement(2, Condition={"ArnNotEquals": {"aws:SourceArn": [READER]}})),
    ("reading-denied", _statement(2, Condition={"ArnNotEqualsIfExists": {"aws:PrincipalArn": [READER]}})),
    (
        "reading-denied",
        _statement(
            2, Condition={"ArnNotEquals": {"aws:PrincipalArn": READER}, "Bool": {"aws:MultiFactorAuth": "true"}}
        ),
    ),
    ("writing-denied", lambda read: read["policy"]["Statement"].pop(3)),
    ("writing-denied", _statement(3, Action=["s3:PutObject"])),
    ("writing-denied", _statement(3, **denial(["s3:PutObject", "s3:DeleteObject*"], WRITER, ADMIN))),
    ("settings-denied", lambda read: read["policy"]["Statement"].pop(4)),
    ("settings-denied", _statement(4, **denial(["s3:PutBucket*", "s3:DeleteBucket*", "s3:*Configuration"], WRITER))),
    ("transport-closed", lambda read: read["policy"]["Statement"].pop(5)),
    ("transport-closed", _statement(5, Condition={"Bool": {"aws:SecureTransport": "true"}})),
    ("transport-closed", _statement(5, Action="s3:GetObject")),
    ("own-key", _set("encryption", {})),
    ("own-key", _encrypted(SSEAlgorithm="AES256")),
    ("own-key", _encrypted(KMSMasterKeyID="arn:aws:kms:eu-central-1:123456789012:key/other")),
    ("sound-key", lambda read: read["key"]["KeyMetadata"].update(Arn="other", KeyId="other")),
    ("sound-key", lambda read: read["key"]["KeyMetadata"].update(KeyState="PendingDeletion")),
    ("sound-key", lambda read: read["key"]["KeyMetadata"].update(KeyManager="AWS")),
    ("sound-key", _set("key_rotation", {"KeyRotationEnabled": False})),
    ("sound-key", _set("key_rotation", {"KeyRotationEnabled": True, "RotationPeriodInDays": 366})),
    ("never-versioned", _set("versioning", {"Status": "Enabled"})),
    ("never-versioned", _set("versioning", {"Status": "Suspended"})),
    ("not-locked", _set("object_lock", {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}})),
    ("ends", _set("lifecycle", {})),
    ("ends", _rule(Status="Disabled")),
    ("ends", _rule(Expiration={"Days": 91})),
    ("ends", _rule(Expiration={"Date": "2027-01-01"})),
    ("ends", _rule(Filter={"Prefix": "logs/"})),
    ("ends", _rule(Prefix="logs/")),
    ("ends", _rule(Filter={"Tag": {"Key": "keep", "Value": "no"}})),
    ("ends", lambda read: read["lifecycle"]["Rules"][0].pop("AbortIncompleteMultipartUpload")),
    ("no-copies", _set("replication", {"ReplicationConfiguration": {"Rules": []}})),
    ("no-copies", _set("notifications", {"QueueConfigurations": [{"QueueArn": "arn"}]})),
    ("no-copies", _set("notifications", {"EventBridgeConfiguration": {}})),
    ("no-web", _set("website", {"IndexDocument": {"Suffix": "index.html"}})),
    ("no-web", _set("cors", {"CORSRules": [{"AllowedOrigins": ["*"]}]})),
    ("recorded", _set("logging", {})),
    ("recorded", _set("logging", {"LoggingEnabled": {"TargetBucket": BUCKET}})),
    ("data-events", _set("trails", [])),
    ("data-events", lambda read: read["trails"].pop(1)),
    ("data-events", _trail("trail", HomeRegion="eu-west-1")),
    ("data-events", _trail("status", IsLogging=False)),
    ("data-events", _trail("status", LatestDeliveryError="AccessDenied")),
    ("data-events", _trail("selectors", EventSelectors=[])),
    ("data-events", _selects(ReadWriteType="ReadOnly")),
    ("data-events", _selects(ReadWriteType="WriteOnly")),
    ("data-events", _selects(DataResources=[])),
    *(
        ("data-events", _selects(DataResources=[{"Type": kind, "Values": [value]}]))
        for kind, value in (
            ("AWS::Lambda::Function", "arn:aws:lambda"),
            ("AWS::S3::Object", "arn:aws:s3:::other/"),
            ("AWS::S3::Object", f"arn:aws:s3:::{BUCKET}/data"),
            ("AWS::S3::Object", f"arn:aws:s3:::{BUCKET}"),
            ("AWS::S3::Object", f"arn:aws:s3:::other-{BUCKET}/"),
        )
    ),
    *(
        ("data-events", _advanced(**fields))
        for fields in (
            {"eventCategory": None},
            {"type": None},
            {"eventCategory": {"Equals": ["Management"]}},
            {"type": {"Equals": ["AWS::Lambda::Function"]}},
            {"readOnly": {"Equals": ["true"]}},
            {"readOnly": {"Equals": ["false"]}},
            {"ARN": {"StartsWith": [f"arn:aws:s3:::{BUCKET}/data"]}},
            {"ARN": {"Equals": [f"arn:aws:s3:::{BUCKET}/"]}},
            {"ARN": {"NotStartsWith": ["arn:aws:s3:::other/"]}},
            {"ARN": {"StartsWith": [f"arn:aws:s3:::{BUCKET}/"], "NotEndsWith": [".json"]}},
            {"eventName": {"Equals": ["GetObject"]}},
            {"eventName": {"Equals": ["Data"]}},
            {"resources.type": {"Equals": ["AWS::S3::Object"]}},
        )
    ),
]


def _blocks(read: dict[str, Any]) -> dict[str, bool]:
    found: dict[str, bool] = read["public_access_block"]["PublicAccessBlockConfiguration"]
    return found


@pytest.mark.parametrize(("check", "change"), _MUTATIONS)
def test_each_way_to_break_it_fails_its_own_check(check: str, change: Change) -> None:
    facts = good_facts()
    change(facts.read)  # type: ignore[arg-type]
    found = judge_s3(facts, agreed())
    assert [finding.check for finding in found.of(CheckOutcome.FAILED)] == [check]
    with pytest.raises(RefusedError, match=f"s3://{BUCKET} is not restricted as agreed"):
        found.require()


def test_the_command_that_shows_all_findings_of_a_bucket_names_its_agreement() -> None:
    found = judge_s3(good_facts(), agreed())
    failed = [replace(finding, outcome=CheckOutcome.FAILED) for finding in found.findings[:3]]
    for subject, command in (
        (found.subject, f"preflight {found.subject} --policy FILE"),
        ("/data", "preflight /data)"),
    ):
        with pytest.raises(RefusedError) as refused:
            replace(found, subject=subject, findings=tuple(failed)).require()
        assert f"(2 more: keyveil {command}" in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        _trail("trail", IsMultiRegionTrail=True, HomeRegion="eu-west-1"),
        _trail("status", LatestDeliveryError=""),
        _selects(DataResources=[{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::other/", "arn:aws:s3"]}]),
        _selects(DataResources=[{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::"]}]),
        _selects(DataResources=[{"Type": "AWS::S3::Object", "Values": [f"arn:aws-cn:s3:::{BUCKET}/"]}]),
        _trail(
            "selectors",
            EventSelectors=[{**SELECTOR, "ReadWriteType": "ReadOnly"}, {**SELECTOR, "ReadWriteType": "WriteOnly"}],
        ),
        _advanced(),
        _advanced(ARN={"StartsWith": ["arn:aws:s3:::other/", f"arn:aws:s3:::{BUCKET}/"], "NotStartsWith": []}),
        _set("location", {"LocationConstraint": "eu-central-1"}),
    ],
)
def test_a_trail_that_records_all_objects_of_the_bucket_is_enough(change: Change) -> None:
    facts = good_facts()
    change(facts.read)  # type: ignore[arg-type]
    assert judge_s3(facts, agreed()).of(CheckOutcome.FAILED) == ()


def test_a_trail_that_may_not_be_read_is_named_where_no_other_records() -> None:
    facts = good_facts()
    del facts.read["trails"][1]
    (found,) = judge_s3(facts, agreed()).of(CheckOutcome.FAILED)
    assert found.read == (
        "reads of objects are recorded by no trail; writes of objects are recorded by no trail; "
        "management could not be read: HTTP 403"
    )


@pytest.mark.parametrize("fact", sorted(PERMISSIONS))
def test_what_could_not_be_read_fails_and_says_what_to_grant(fact: str) -> None:
    facts = good_facts()
    facts = replace(facts, read={name: value for name, value in facts.read.items() if name != fact})
    found = judge_s3(replace(facts, unreadable={fact: "HTTP 403"}), agreed()).of(CheckOutcome.FAILED)
    assert found
    assert all("HTTP 403" in finding.read and PERMISSIONS[fact] in finding.remedy for finding in found)
    waivable = {check.name for check in S3_CHECKS if check.waivable}
    assert all(("waive" in finding.remedy) == (finding.check in waivable) for finding in found)


@pytest.mark.parametrize("fact", sorted(set(PERMISSIONS) - {"conditions", "stranger"}))
@pytest.mark.parametrize("value", [None, [], "words"])
def test_an_answer_in_another_form_is_not_believed(fact: str, value: object) -> None:
    facts = good_facts()
    facts.read[fact] = value  # type: ignore[index]
    assert judge_s3(facts, agreed()).of(CheckOutcome.FAILED)


def test_another_server_and_a_change_since_the_first_look_fail() -> None:
    assert failed(server="https://storage.example.com") == ["right-place"]
    assert failed(state=_STATES[1], earlier=_STATES[0]) == ["unchanged"]
    assert failed(state=None, earlier=_STATES[0]) == ["unchanged"]
    own = agreed(account="", endpoint="https://storage.example.com/")
    facts = good_facts(server="https://storage.example.com")
    assert judge_s3(facts, own).of(CheckOutcome.FAILED) == ()
    assert [item.check for item in judge_s3(good_facts(), own).of(CheckOutcome.FAILED)] == ["right-place"]


def test_a_rule_that_deletes_on_the_last_day_of_the_backstop_is_in_time() -> None:
    facts = good_facts()
    facts.read["lifecycle"]["Rules"][0]["Expiration"]["Days"] = 120
    assert judge_s3(facts, agreed(backstop_days=30)).of(CheckOutcome.FAILED) == ()
    assert [item.check for item in judge_s3(facts, agreed(backstop_days=29)).of(CheckOutcome.FAILED)] == ["ends"]


def test_a_waiver_counts_until_its_day_and_only_where_it_may() -> None:
    facts = good_facts()
    facts.read["logging"] = {}
    for until, outcome in ((date(2026, 11, 29), CheckOutcome.WAIVED), (date(2026, 11, 28), CheckOutcome.FAILED)):
        found = judge_s3(facts, agreed(waivers={"recorded": Waiver("the server logs to syslog", until)}))
        assert [item.check for item in found.of(outcome)] == ["recorded"]
    with pytest.raises(UsageError, match=r"waivers\.never-versioned is not allowed"):
        judge_s3(facts, agreed(waivers={"never-versioned": Waiver("no", date(2027, 1, 1))}))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"bucket": "A"}, "bucket must be a bucket name"),
        ({"log_bucket": BUCKET}, "log_bucket must be another"),
        ({"account": "", "endpoint": ""}, "set exactly one"),
        ({"endpoint": "https://x.example"}, "set exactly one"),
        ({"account": "12345678901"}, "account must be 12 digits"),
        ({"region": ""}, "region and key"),
        ({"key": ""}, "region and key"),
        ({"readers": ("arn:aws:iam::123456789012:role/*",)}, "each of readers"),
        ({"readers": ("arn:aws:iam::123456789012:root",)}, "each of readers"),
        ({"writers": ("arn:aws:iam::123456789012:root",)}, "each of writers"),
        ({"administrators": ("root",)}, "each of administrators"),
        ({"readers": ()}, "readers and writers may not be empty"),
        ({"writers": ()}, "readers and writers may not be empty"),
        ({"readers": (WRITER,)}, "both readers and writers"),
        ({"retention_days": 0}, "retention_days must be 1 to 3650"),
        ({"retention_days": 3651}, "retention_days must be 1 to 3650"),
        ({"backstop_days": -1}, "backstop_days must be 0"),
        ({"key_rotation_days": 89}, "key_rotation_days must be 90"),
    ],
)
def test_an_agreement_with_a_wrong_setting_is_refused_by_its_name(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        agreed(**changes)


class _Refused:
    """A client that is refused everything, as one without credentials is: moto lets everybody list."""

    def __getattr__(self, request: str) -> Callable[..., None]:
        def refuse(**_: object) -> None:
            answer = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
            raise s3.ClientError(answer, request)

        return refuse


class _RefusedOneTrail:
    """A client in a member's account: it lists the organisation's trail, and may not ask what that selects."""

    def __init__(self, trails: Any) -> None:
        self.describe_trails, self.get_trail_status = trails.describe_trails, trails.get_trail_status
        self.get_event_selectors = _Refused().get_event_selectors


def test_facts_of_a_real_bucket_are_collected(s3_server: str) -> None:
    client, kms = s3_client(s3_server), s3_client(s3_server, "kms")
    trails = s3_client(s3_server, "cloudtrail")
    policy = build(client, kms, REGION)
    connection = S3Connection(client, kms, trails, _Refused(), "")
    looks = S3Preflight(policy, connection, s3.S3Store(client, BUCKET, "data/"), Use.SEALED)
    first = looks.look()
    # moto takes no record of accesses without access lists
    assert {item.check for item in first.of(CheckOutcome.FAILED)} == {"recorded", "data-events"}
    record_objects(trails, SELECTOR)
    assert {item.check for item in looks.look().of(CheckOutcome.FAILED)} == {"recorded"}
    record_objects(trails, {**SELECTOR, "ReadWriteType": "WriteOnly"})
    assert {item.check for item in looks.look().of(CheckOutcome.FAILED)} == {"recorded", "data-events"}
    refused = S3Preflight(policy, replace(connection, trails=_Refused()), looks.store, Use.SEALED).look()
    (blind,) = (item for item in refused.of(CheckOutcome.FAILED) if item.check == "data-events")
    assert blind.read == "trails could not be read: HTTP 403"
    assert "grant cloudtrail:DescribeTrails" in blind.remedy
    one = _RefusedOneTrail(trails)
    (blind,) = (
        item
        for item in S3Preflight(policy, replace(connection, trails=one), looks.store, Use.SEALED).look().findings
        if item.check == "data-events"
    )
    assert blind.read.endswith("objects could not be read: HTTP 403")
    assert looks.look(first.seen).seen == first.seen == looks.read_state()
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    later = {item.check for item in looks.look(first.seen).of(CheckOutcome.FAILED)}
    assert {"never-versioned", "unchanged"} <= later
    other = S3Preflight(policy, connection, looks.store, Use.SEALED)
    assert other.read_state() != looks.read_state()  # comparable within one process alone
    assert "role" not in repr(looks.read_state())
    audit = replace(looks, use=Use.AUDIT).look().as_json()
    tried = next(item for item in audit["findings"] if item["check"] == "conditional-writes")  # type: ignore[attr-defined]
    assert tried["read"] == "not tried: this look writes nothing"
    wrong = S3Connection(client, kms, trails, s3_client(s3_server), "")
    facts = collect_s3(wrong, policy, NOW, b"salt", probe=None)
    assert facts.read["stranger"] == 200
    assert collect_s3(wrong, replace(policy, key="none"), NOW, b"salt", probe=None).unreadable["key"] == "HTTP 400"
    foreign = collect_s3(wrong, replace(policy, bucket="nobodys-bucket"), NOW, b"salt", probe=None)
    assert foreign.unreadable["location"] == "HTTP 404"
    assert foreign.state is None


def _write(folder: Path, **changes: Any) -> Path:
    settings = {
        "bucket": BUCKET,
        "region": REGION,
        "key": KEY,
        "readers": [READER],
        "writers": [WRITER],
        "administrators": [ADMIN],
        "log_bucket": "acme-logs",
        "endpoint": "http://127.0.0.1:9",
    }
    file = folder / "policy.yaml"
    file.write_text(yaml.safe_dump({**settings, **changes}))
    return file


def test_a_waiver_needs_a_written_reason() -> None:
    with pytest.raises(UsageError, match="written reason"):
        Waiver(" ", date(2027, 1, 1))


def test_a_look_needs_the_agreement_about_this_bucket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RefusedError, match="--policy FILE"):
        open_preflight(f"s3://{BUCKET}/data", None, sealed=True)
    with pytest.raises(UsageError, match="about another bucket"):
        open_preflight("s3://another/data", str(_write(tmp_path)), sealed=True)
    with pytest.raises(UsageError, match="log_bucket must be another"):
        open_preflight(f"s3://{BUCKET}/data", str(_write(tmp_path, log_bucket=BUCKET)), sealed=True)
    assert main(["preflight", f"s3://{BUCKET}", "--policy", str(_write(tmp_path, account="1"))]) == 2
    capsys.readouterr()
    monkeypatch.setenv("KEYVEIL_S3_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(s3_preflight, "open_s3", lambda _: s3.S3Store(_Refused(), BUCKET, ""))
    monkeypatch.setattr(s3_preflight, "connect", lambda *_, **__: _Refused())
    assert main(["preflight", f"s3://{BUCKET}", "--policy", str(_write(tmp_path)), "--json"]) == 3
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["subject"] == f"s3://{BUCKET}"
    assert result["refused"] is True


def test_a_look_without_the_client_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pipelines.preflight.s3_preflight", None)
    with pytest.raises(UsageError, match=r"pip install 'keyveil\[s3\]'"):
        open_preflight(f"s3://{BUCKET}/data", str(_write(tmp_path)), sealed=True)
