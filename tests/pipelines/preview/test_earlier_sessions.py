"""A preview keeps on a screen what its person typed in earlier sessions of the recording, where a run would."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import RunConfig
from pipelines.preview.rehearse import find_log, rehearse
from transforms.consent.settings import ConsentSettings
from transforms.noise.settings import NoiseSettings
from transforms.redact.settings import RedactSettings

TEXT = "the keys of the archive lie in the lower drawer"
BEGIN, HOUR = 1_795_600_000_000_000, 3_600_000_000
FOCUS = {"kind": "focus", "app": "slack", "title": "general"}
DAYS = NoiseSettings(privacy_unit="user-day", first_day="2026-11-01", last_day="2026-11-30")  # type: ignore[arg-type]


def tell(session: str, user: str, begin: int, *events: dict[str, Any]) -> str:
    where = {"session_id": session, "user_id": user}
    rows = [where | {"seq": seq, "t_us": begin + seq * 100_000} | event for seq, event in enumerate(events)]
    return "".join(f"{json.dumps(row)}\n" for row in rows)


@pytest.mark.parametrize(
    ("typist", "policy", "noise", "paused", "keeps"),
    [
        ("ann", "withhold_incoming", NoiseSettings(), False, True),
        ("bob", "withhold_incoming", NoiseSettings(), False, False),
        ("ann", "withhold_incoming", DAYS, False, False),
        ("ann", "withhold_incoming", NoiseSettings(), True, False),
        ("bob", "surrogate", NoiseSettings(), False, True),
    ],
    ids=["own", "of another", "days are protected", "paused", "nothing is withheld"],
)
def test_a_preview_keeps_what_a_run_would(
    tmp_path: Path, typist: str, policy: str, noise: NoiseSettings, *, paused: bool, keeps: bool
) -> None:
    field = {"kind": "field", "field_id": "f", "role": "textbox", "label": "Message", "multiline": False}
    key = {"kind": "key", "field_id": "f", "code": "", "modifiers": []}
    keys = [key | {"action": action, "key": letter} for letter in TEXT for action in ("down", "up")]
    screen = {"kind": "screen", "source": "ocr", "text": f"Bo Ek 10:42\n{TEXT}"}
    log, pauses = tmp_path / "log.jsonl", tmp_path / "pauses.csv"
    log.write_text(
        tell("typed", typist, BEGIN, FOCUS, field, *keys) + tell("seen", "ann", BEGIN + HOUR, FOCUS, screen, FOCUS)
    )
    rows = "ann,pause,2026-11-25T09:46:00Z,2026-11-25T10:00:00Z,\n" if paused else ""
    pauses.write_text(f"user_id,kind,starts_at,ends_at,granted_by\n{rows}")
    config = RunConfig(
        redact=RedactSettings(profile="fast", bystanders=policy),
        noise=noise,
        consent=ConsentSettings(pauses=str(pauses)),
    )
    shown = rehearse(find_log(str(log), None, None), "seen", "ann", config, None).rows
    assert any(TEXT in (text or "") for text in shown["text"].to_pylist()) is keeps
