import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.beamkit.sealed_dofns import bucket_codes

KEY = bytes(32)


@given(st.lists(st.text(max_size=5), max_size=30), st.integers(1, 40))
def test_a_name_has_one_bucket_wherever_it_stands(names: list[str], buckets: int) -> None:
    column = pa.chunked_array([names[:7], names[7:]], pa.string())
    codes = bucket_codes(column, KEY, buckets)
    assert codes.dtype == np.int64
    assert all(0 <= code < buckets for code in codes.tolist())
    alone = {name: int(bucket_codes(pa.chunked_array([[name]], pa.string()), KEY, buckets)[0]) for name in names}
    assert codes.tolist() == [alone[name] for name in names]


@pytest.mark.parametrize("buckets", [3, 32])
def test_names_spread_evenly_and_by_the_key(buckets: int) -> None:
    column = pa.chunked_array([[f"user-{number}" for number in range(3200)]])
    counts = np.bincount(bucket_codes(column, KEY, buckets), minlength=buckets)
    # a bucket's count has a standard error below sqrt(3200 / buckets): six of them for 35 buckets, by the binomial 4e-7
    assert np.abs(counts - 3200 / buckets).max() < 6 * (3200 / buckets) ** 0.5
    other = bucket_codes(column, bytes([1]) * 32, buckets)
    assert np.mean(other == bucket_codes(column, KEY, buckets)) < 2 / buckets
