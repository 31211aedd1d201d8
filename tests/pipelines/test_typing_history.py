"""A run knows what people typed in all of its sessions, of pauses and of others nothing, and shuffles nothing clear."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest

import keyveil
from pipelines.cli.main import main
from pipelines.config import RunConfig
from pipelines.release.redaction import RedactionPlan, redact_sessions, uses_history
from pipelines.runner.shuffle_check import find_clear_shuffles
from schemas.raw import RawSessions
from tests.support.keysets import make_reference
from transforms.beamkit.coders import register
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.consent.stage import SealedConsent
from transforms.ingest.settings import IngestSettings
from transforms.noise.settings import NoiseSettings
from transforms.redact.results import Extras
from transforms.redact.settings import RedactSettings

TEXT = "the keys of the archive lie in the lower drawer"
PAUSED = "the otter of the warehouse sleeps in the afternoon"
BEGIN, HOUR, TENTH = 1_795_600_000_000_000, 3_600_000_000, 100_000
SHOWN = ["Ann Lee 10:42", TEXT, "Somebody told the board about the merger", PAUSED]


def tell(session: str, user: str, begin: int, events: list[dict[str, Any]]) -> str:
    return "".join(
        json.dumps({"session_id": session, "user_id": user, "seq": seq, "t_us": begin + seq * TENTH, **event}) + "\n"
        for seq, event in enumerate(events)
    )


def typing(text: str) -> list[dict[str, Any]]:
    keys = [{"kind": "key", "action": action, "key": key} for key in text for action in ("down", "up")]
    return [
        {"kind": "focus", "app": "slack", "title": "general"},
        {"kind": "field", "field_id": "f", "role": "textbox", "label": "Message", "multiline": False},
        *({**key, "code": "", "modifiers": [], "field_id": "f"} for key in keys),
    ]


def at(t_us: int) -> str:
    return datetime.fromtimestamp(t_us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("elements", [1, 100_000])
def test_screens_keep_what_their_person_typed_in_sessions_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], elements: int
) -> None:
    screen = [{"kind": "focus", "app": "slack", "title": "general"}]
    screen += [{"kind": "screen", "source": "ocr", "text": "\n".join(SHOWN)}]
    log = tmp_path / "log.jsonl"
    log.write_text(
        tell("before", "user-a", BEGIN - HOUR, screen)
        + tell("morning", "user-a", BEGIN, typing(TEXT))
        + tell("paused", "user-a", BEGIN + HOUR, typing(PAUSED))
        + tell("after", "user-a", BEGIN + 2 * HOUR, screen)
        + tell("other", "user-b", BEGIN + 2 * HOUR, screen)
    )
    (tmp_path / "consent.csv").write_text(
        "user_id,purpose,version,granted_at,withdrawn_at\n"
        "user-a,training,1,2024-01-01T00:00:00Z,\nuser-b,training,1,2024-01-01T00:00:00Z,\n"
    )
    (tmp_path / "pauses.csv").write_text(
        "user_id,kind,starts_at,ends_at,granted_by\n"
        f"user-a,pause,{at(BEGIN + HOUR - TENTH)},{at(BEGIN + HOUR + HOUR // 2)},\n"
    )
    keys = tmp_path / "home" / "keys"
    assert main(["keys", "init", str(keys)]) == 0
    words = ["run", "--input", str(log), "--output", str(tmp_path / "out"), "--keys", str(keys)]
    words += ["--consent", str(tmp_path / "consent.csv"), "--pauses", str(tmp_path / "pauses.csv")]
    words += ["--set", "redact.profile=fast", "--set", "redact.bystanders=withhold_incoming"]
    words += ["--set", f"ingest.element_events={elements}"]
    assert main(words) == 0
    assert main(["keys", "export", "--role", "reader", str(keys), "-o", str(tmp_path / "reader.json")]) == 0
    capsys.readouterr()
    rows = keyveil.open_dataset(tmp_path / "out" / "sessions", keys=tmp_path / "reader.json").to_table()
    shown = sorted(row["text"] for row in rows.to_pylist() if row["kind"] == "screen")
    assert shown == ["<INCOMING>", "<INCOMING>", f"<INCOMING>\n{TEXT}\n<INCOMING>"]


@pytest.mark.parametrize(
    ("policy", "words", "knows"),
    [
        ("surrogate", {}, False),
        ("withhold_incoming", {}, True),
        ("drop_screen", {}, True),
        # what is released of a day must not depend on another
        ("withhold_incoming", {"privacy_unit": "user-day", "first_day": "2026-11-02", "last_day": "2026-11-08"}, False),
    ],
)
def test_sessions_know_others_where_words_are_withheld_and_people_are_protected(
    policy: str, words: dict[str, str], *, knows: bool
) -> None:
    config = RunConfig(redact=RedactSettings(bystanders=policy), noise=NoiseSettings(**words))  # type: ignore[arg-type]
    assert uses_history(config) is knows


@pytest.mark.parametrize("knows", [False, True])
def test_sessions_wait_sealed_only_where_they_know_others(tmp_path: Path, *, knows: bool) -> None:
    register()
    exchange = ExchangeSettings(make_reference(tmp_path / "keys"), "run", None)
    plan = RedactionPlan(
        sources=(),
        ingest=IngestSettings(),
        consent=SealedConsent(str(tmp_path / "consent.sealed"), exchange),
        redact=RedactSettings(),
        exchange=exchange,
        naming="release",
        extras=Extras(),
        uses_history=knows,
    )
    pipeline = beam.Pipeline()
    raw = pipeline | beam.Create([], reshuffle=False).with_output_types(RawSessions)
    redact_sessions(raw, plan)
    graph = pipeline.to_runner_api()
    assert find_clear_shuffles(graph) == []
    names = {item.unique_name for item in graph.components.transforms.values()}
    assert ("CheckpointRaw" in names, "CollectTyped" in names) == (knows, knows)
