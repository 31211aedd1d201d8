"""A session that cannot be redacted goes to the quarantine by the command line, and the run goes on."""

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.cli.main import main
from schemas.entities import Span, Text
from schemas.tally import Outcome
from transforms.dataset.layout import MANIFEST
from transforms.keys.envelope import unseal
from transforms.keys.key_set import KeyReference, KeySet
from transforms.keys.quarantine_sealer import QUARANTINE_CONTEXT
from transforms.redact import session_redactor
from transforms.redact.detect.detector import Detector
from transforms.redact.settings import RedactSettings
from transforms.redact.text.hyperscan_cache import PrefilterStore


class Failing:
    """The configured detector, but for one text."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self.common_words = detector.common_words

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        if any("poison" in text.content for text in texts):
            raise ValueError("poison")
        return self._detector.detect(texts)

    def digest(self) -> str:
        return self._detector.digest()


def line(session: str, seq: int, text: str) -> str:
    event = {"session_id": session, "user_id": "u", "seq": seq, "t_us": 1_700_000_000_000_000 + seq}
    return json.dumps(event | {"kind": "screen", "source": "ocr", "text": text}) + "\n"


def test_one_session_is_set_aside_and_the_run_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = session_redactor.shared_detector

    def failing(settings: RedactSettings, kept: PrefilterStore | None) -> Failing:
        return Failing(shared(settings, kept))

    monkeypatch.setattr(session_redactor, "shared_detector", failing)
    log = tmp_path / "log.jsonl"
    log.write_text(line("a", 0, "hello") + line("b", 0, "poison") + line("b", 1, "more") + line("c", 0, "bye"))
    keys = tmp_path / "home" / "keys"
    assert main(["keys", "init", str(keys)]) == 0
    words = ["run", "--input", str(log), "--output", str(tmp_path / "out"), "--keys", str(keys), "--json"]
    words += ["--consent", "all-for-evaluation", "--set", "redact.profile=fast", "--set", "noise.run_key=derived"]
    capsys.readouterr()
    assert main([*words, "--set", "store.encryption=none"]) == 1
    shown = capsys.readouterr()
    assert "detector_failed" in shown.err
    assert "poison" not in shown.err + shown.out
    counts = json.loads(shown.out)["counts"]
    assert counts["outcome.rejected"] == counts["reject.detector_failed"] == 2
    assert sum(counts.get(f"outcome.{outcome}", 0) for outcome in Outcome) == counts["events.read"] == 4
    assert (counts["sessions.released"], counts["rows.released"]) == (2, 2)
    (manifest,) = (tmp_path / "out").rglob(MANIFEST)
    plain = hashlib.sha256(shared(RedactSettings(profile="fast"), None).digest().encode())
    statement = json.loads(base64.b64decode(json.loads(manifest.read_bytes())["payload"]))
    digest = statement["predicate"]["model_digest"]
    assert len(digest) == 64
    assert digest != plain.hexdigest(), "a directory of people is part of it: it must be keyed"
    (sealed,) = (tmp_path / "home").rglob("*.sealed")
    content = unseal(
        KeySet.open(KeyReference.parse(str(keys))).quarantine_private(), sealed.read_bytes(), QUARANTINE_CONTEXT
    )
    assert [json.loads(item)["text"] for item in content.splitlines()] == ["poison", "more"]
