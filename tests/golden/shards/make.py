"""Write tests/golden/shards/v<version>: two small made-up releases, clear and sealed, that readers must open for ever.

Run it once when ``SCHEMA_VERSION`` grows (``python tests/golden/shards/make.py``), never to change a folder that is
there: what lies in it is what readers may hold. Nothing in it is secret; the key set behind it was thrown away.
"""

import json
import shutil
import tempfile
from pathlib import Path

from schemas.safe import EVENTS_SCHEMA, SCHEMA_VERSION
from tests.keyveil.conftest import published
from transforms.keys.key_set import KeyReference, KeySet, create_key_set, export_reader

HERE = Path(__file__).parent
SHARDS = [[12, 3], [1, 25]]


def main() -> None:
    """Make the folder of the current version; refuse to touch one that exists."""
    target = HERE / f"v{SCHEMA_VERSION}"
    target.mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        create_key_set(folder / "keys")
        keys = KeySet.open(KeyReference.parse(str(folder / "keys")))
        export_reader(folder / "keys", target / "reader.json")
        for encryption in ("none", "sealed"):
            (folder / encryption).mkdir()
            made = published(folder / encryption, keys, target / "reader.json", SHARDS, encryption)
            shutil.move(made.home, target / encryption)
            rows = [row for table in made.tables for row in table.to_pylist()]
    (target / "rows.json").write_text(json.dumps(rows, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    schema = {column.name: str(column.type) for column in EVENTS_SCHEMA}
    (target / "schema.json").write_text(json.dumps(schema, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
