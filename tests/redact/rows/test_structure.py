"""Roles of fields and pointer targets are words of the vocabulary, whatever the recorder wrote."""

import numpy as np
import pyarrow as pa

from transforms.redact.rows.assemble import RowPlan
from transforms.redact.rows.structure import set_roles


def test_roles_are_words_of_the_vocabulary() -> None:
    kinds = ["field", "pointer", "pointer", "pointer", "field", "field"]
    targets = [None, {"role": "button"}, {"role": "Ask Anna Bell"}, {"role": None}, None, None]
    table = pa.table(
        {
            "kind": kinds,
            "role": pa.array([" SearchBox", None, None, None, "Ask Anna Bell", "passwordbox"]),
            "target": pa.array(targets, pa.struct([("role", pa.string())])),
        }
    )
    release = RowPlan.of(len(kinds))
    set_roles(table, np.array([True] * 5 + [False]), {1: 1, 2: 2, 3: 1}, release)
    assert release.roles == {0: "searchbox", 1: "generic", 2: "generic", 4: "textbox"}
    set_roles(table, np.array([False] * 5 + [True]), {1: 3}, release)
    assert (release.roles[3], release.roles[5]) == ("button", "password")
