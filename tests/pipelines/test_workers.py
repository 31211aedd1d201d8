"""The same clear bytes, whatever the number of workers and the order of the inputs."""

import json
from collections import Counter
from pathlib import Path

import pytest

from pipelines.cli.main import main
from tests.support.keysets import forget_state
from tests.support.release_parts import ALL_PARTS
from tests.support.shards import shards

_RECORDINGS = Path(__file__).parents[2] / "examples" / "recordings"
_INPUTS = (
    _RECORDINGS / "synthetic-office.jsonl",
    _RECORDINGS / "agentnet" / "display-settings",
    _RECORDINGS / "rrweb" / "integration_form_interactions.json",
)
_TWO_PROCESSES = ("--", "--direct_num_workers=2", "--direct_running_mode=multi_processing")
_SHARDS = 3
_REPEATED = ("--", "--direct_runner_bundle_repeat=1")


def test_workers_repeated_bundles_and_the_order_of_inputs_change_no_byte(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys"
    assert main(["keys", "init", str(keys)]) == 0
    capfd.readouterr()
    releases = []
    settings = ("store.encryption=none", f"store.shards={_SHARDS}", "noise.run_key=derived", *ALL_PARTS)
    variants = ((_INPUTS, ()), (_INPUTS[::-1], _TWO_PROCESSES), (_INPUTS[1:] + _INPUTS[:1], _REPEATED))
    for number, (inputs, flags) in enumerate(variants):
        words = ["run", "--input", *map(str, inputs), "--user", "demo", "--consent", "all-for-evaluation"]
        words += ["--keys", str(keys), "--output", str(tmp_path / f"out-{number}"), "--json"]
        words += ["--state", str(tmp_path / f"state-{number}")]
        words += [word for setting in settings for word in ("--set", setting)]
        with forget_state(keys):
            assert main([*words, *flags]) == 0
        shown = capfd.readouterr()
        assert shown.err.count("\n") == 1, "a run says nothing but its warning in a pipe"
        releases.append(Path(json.loads(shown.out)["release"]))
    first, *others = releases
    files = Counter(Path(name).parts[0] for name in shards(first))
    assert files.keys() == {"events", "sessions", "aggregates"}
    # a shard without sessions has no file, and keys that are drawn again decide which session goes where
    assert 1 <= files["events"] == files["sessions"] <= _SHARDS
    assert files["aggregates"] == 8
    for other in others:
        assert other.name == first.name
        assert shards(other) == shards(first)
