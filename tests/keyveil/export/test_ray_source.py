import json

import pyarrow as pa
import pytest

import keyveil
from keyveil.export.ray_source import StepSource
from keyveil.export.rows import ROW_SCHEMA
from schemas.errors import UsageError
from tests.keyveil.conftest import Published
from transforms.keys.reader_keys import ReaderKeys


@pytest.mark.parametrize(
    ("parallelism", "least", "tasks"),
    [(1, 1, 1), (3, 1, 3), (7, 1, 7), (50, 1, 7), (50, 3, 3), (2, 3, 2), (50, 6, 2), (50, 7, 1), (50, 8, 1)],
)
def test_tasks_together_read_every_step_once_in_order(
    mails: Published, parallelism: int, least: int, tasks: int
) -> None:
    found = keyveil.steps(str(mails.home), keys=mails.reader)
    made = StepSource(found, least).get_read_tasks(parallelism)
    assert len(made) == tasks
    table = pa.concat_tables(block for task in made for block in task())
    assert table.schema.equals(ROW_SCHEMA)
    expected = [(step.session, step.number, step.next_action) for step in found]
    rows = table.to_pylist()
    assert [(row["session"], row["number"], json.loads(row["next_action"])) for row in rows] == expected


def test_few_sessions_are_one_task(mails: Published) -> None:
    assert len(StepSource(keyveil.steps(str(mails.home), keys=mails.reader)).get_read_tasks(200)) == 1


def test_pictures_are_png(mails: Published) -> None:
    found = keyveil.steps(str(mails.home), keys=mails.reader, observation="image", size=(80, 64))
    (task,) = StepSource(found).get_read_tasks(1)
    images = [image for block in task() for image in block["image"].to_pylist()]
    assert all(image.startswith(b"\x89PNG") for image in images)


def test_keys_do_not_travel_with_a_task(mails: Published) -> None:
    with pytest.raises(UsageError, match="path of the reader's key file"):
        StepSource(keyveil.steps(str(mails.home), keys=ReaderKeys.open(mails.reader)))


def test_the_source_tells_its_name_and_no_size(mails: Published) -> None:
    source = StepSource(keyveil.steps(str(mails.home), keys=mails.reader))
    assert source.get_name() == "Keyveil"
    assert source.estimate_inmemory_data_size() is None
