import json

import pyarrow as pa
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from schemas.claims import Claim, ConsentStatus, declare
from schemas.rejects import Fault, Problem, Reason
from transforms.ingest.formats.adapter import Source
from transforms.ingest.parsing import read_claim as claims
from transforms.ingest.parsing.block import fold
from transforms.ingest.parsing.parse import pack
from transforms.ingest.parsing.read_claim import read_claim
from transforms.ingest.stray_lines import complete_claims, from_table, is_strays, split_faults, to_table
from transforms.keys.quarantine_sealer import Custody

WHOLE = {"session_id": "s1", "user_id": "optedout", "seq": 0, "kind": "screen", "source": "ocr", "text": "secret"}


def users(line: bytes | str) -> tuple[frozenset[str], bool]:
    content = line.encode() if isinstance(line, str) else line
    claim = read_claim(content, fold_case=True)[1]
    return claim.users, claim.doubtful


def spoken_of(line: bytes | str, user: str = "optedout") -> bool:
    """Tell whether a line is known to be a user's, or is not taken for anybody's in particular."""
    found, doubtful = users(line)
    return user in found or doubtful


@pytest.mark.parametrize(
    "line",
    [
        json.dumps(WHOLE | {"extra": 1}),
        json.dumps(WHOLE)[:-30],
        json.dumps(WHOLE) + "}",
        json.dumps(WHOLE) + json.dumps(WHOLE | {"user_id": "ann"}),
        json.dumps(WHOLE | {"seq": "no number"}),
        '{"user_id":"ann","user_id":"optedout","session_id":"s1"}',
        '{"user_id":"optedout","user_id":"ann","session_id":"s1"}',
        json.dumps(WHOLE | {"user_id": " OptedOut "}),
        '{"user\\u005fid":"optedout","session_id":"s1"}',
        '{"user\\u005fid":"opted\\u006fut","session_id":"s1", cut',
        '{"USER_ID":"optedout"}',
        '{"userId":"optedout","session_id":"s1"}',
        '{"user-id":"optedout"}',
        '{"user":"optedout"}',
        '[{"user_id":"optedout"}]',
        "{'user_id': 'optedout', 'session_id': 's1'}",
        '{"user_id" : "optedout", "text": "a\tb\n',
        '{"session_id":"s1","user_id":"optedo',
        '{"session_id":"s1","user_id":["optedout"]}',
        '{"session_id":"s1","user_id":{"id":"optedout"}}',
        '{"session_id":"s1","user_id":true}',
        "user_id=optedout secret",
        '{"user_id":"ann"} user id: optedout',
    ],
)
def test_a_bad_line_that_names_a_user_is_theirs_or_in_doubt(line: str) -> None:
    assert spoken_of(line)


def test_a_user_is_read_from_every_kind_of_bad_line_where_it_can_be() -> None:
    assert users(json.dumps(WHOLE)[:-30]) == ({"optedout"}, False)
    assert users(b'{"user_id":"jos\xc3\xa9", "text": "\xff"}') == ({"jos\u00e9"}, False)
    assert users('{"user_id":"jose\\u0301", cut') == ({"jos\u00e9"}, False)
    assert users('{"user_id": 17}') == ({"17"}, False)
    assert users('{"user_id":"ann","user_id":"bob"}') == ({"ann", "bob"}, False)
    assert users('{"user_id": null}') == users('{"user_id": ""}') == users("garbage") == (frozenset(), False)
    assert users('{"text": {"user_id": "bob"}, "user_id": "ann"}') == ({"ann"}, False)


def test_case_is_left_where_it_is_not_folded() -> None:
    assert read_claim(b'{"user_id":"Ann"}', fold_case=False)[1].users == {"Ann"}


@pytest.mark.parametrize(
    ("line", "session"),
    [
        ('{"session_id":" s1 ", "x"', "s1"),
        ('{"session_id":"S1"}', "S1"),
        ('{"session_id":"a","session_id":"b"}', None),
        ('{"session_id":[1]}', None),
        ("garbage", None),
        ("", None),
    ],
)
def test_the_session_is_named_where_it_is_certain(line: str, session: str | None) -> None:
    assert read_claim(line.encode(), fold_case=True)[0] == session


def test_two_sessions_in_a_line_leave_it_in_doubt() -> None:
    assert users('{"session_id":"a","session_id":"b","user_id":"ann"}') == ({"ann"}, True)


def test_the_earliest_time_and_what_a_header_declares_are_read() -> None:
    line = '{"t_us": 7, "t_us": 5, "purpose": "Research", "consent_version": "2", "kind": "session", "x": 1'
    for content in (line, line + "}"):
        claim = read_claim(content.encode(), fold_case=True)[1]
        assert (claim.first_us, claim.declared) == (5, declare("research", "2"))


@pytest.mark.parametrize(
    ("line", "first_us", "certain"),
    [
        ('{"user_id":"a","t_us":5}', 5, True),
        ('{"user_id":"a","t_us":"5"}', 5, True),
        ('{"user_id":"a","t_us":5.5}', 5, True),
        ('{"user_id":"a","t_us":null}', None, True),
        ('{"user_id":"a"}', None, True),
        ('{"user_id":"a","t_us":[5]}', None, False),
        ('{"user_id":"a","t_us":"yesterday"}', None, False),
        ('{"user_id":"a","t_us":1e999}', None, False),
        ('{"user_id":"a","t_us":5, cut', 5, True),
        ('{"user_id":"a","t_us":"5", cut', 5, True),
        ('{"user_id":"a","t_us":123456789012345678, cut', 123456789012345678, True),
        ('{"user_id":"a","t_us":1234567890123456789, cut', None, False),
        ('{"user_id":"a","t_us":5.5, cut', None, False),
        ('{"user_id":"a","t_us":5,"t_us":oops', 5, False),
        ('{"user_id":"a", cut', None, False),
        ('{"t_us":5}', 5, False),
    ],
)
def test_a_line_whose_time_cannot_be_read_is_in_doubt(line: str, first_us: int | None, *, certain: bool) -> None:
    claim = read_claim(line.encode(), fold_case=True)[1]
    assert (claim.first_us, claim.is_certain) == (first_us, certain)


def test_a_packed_line_is_looked_into_as_far_as_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    line = json.dumps(WHOLE).encode()
    assert users(pack(line)) == ({"optedout"}, False)
    monkeypatch.setattr(claims, "_MOST_INFLATED", len(line))
    assert users(pack(line)) == ({"optedout"}, False)
    monkeypatch.setattr(claims, "_MOST_INFLATED", len(line) - 1)
    assert users(pack(line)) == ({"optedout"}, True)
    assert users(pack(line)[:-4]) == (frozenset(), True)
    assert users(zstandard.ZstdCompressor().compress(line)[:4] + b"nonsense") == (frozenset(), True)


NAMES = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), min_size=1, max_size=6)


@given(NAMES.filter(lambda name: bool(name.strip())), st.data())
def test_no_cut_and_no_order_of_fields_hides_the_user(name: str, data: st.DataObject) -> None:
    fields = data.draw(st.permutations([("user_id", name), ("session_id", "s"), ("text", 'a"b'), ("nodes", [1])]))
    line = json.dumps(dict(fields), ensure_ascii=data.draw(st.booleans()))
    cut = data.draw(st.integers(0, len(line)))
    found, doubtful = users(line[:cut])
    whole, _ = users(line)
    assert found <= whole
    assert doubtful or found or "user_id" not in line[:cut]


@given(st.binary(max_size=200))
def test_any_bytes_have_a_claim(content: bytes) -> None:
    read_claim(content, fold_case=True)


BAD = Problem(Reason.BAD_JSON, "", "bad")


def stray_faults(*lines: str, rows: list[dict[str, object]] | None = None, user: str | None = None) -> list[Claim]:
    faults = [Fault(BAD, 0, number, content=line.encode()) for number, line in enumerate(lines, 1)]
    alone, strays = split_faults(faults, Source(0, "x", "canonical", user), fold_case=True)
    assert not alone
    table = to_table(strays)
    assert is_strays(table)
    tables = [pa.Table.from_pylist(rows)] if rows else []
    assert not any(map(is_strays, tables))
    return [fault.claim for fault in complete_claims(from_table(table), tables)]


def test_a_bad_line_is_also_whose_the_good_lines_of_its_session_are() -> None:
    rows: list[dict[str, object]] = [
        {"session_id": "s1", "user_id": "optedout", "t_us": 3, "purpose": None},
        {"session_id": "s1", "user_id": None, "t_us": 2, "purpose": "Research"},
        {"session_id": "s2", "user_id": "bob", "t_us": 1, "purpose": None},
    ]
    assert stray_faults('{"session_id":"s1", cut', rows=rows) == [
        Claim(frozenset({"optedout"}), 2, declare("research", None), undated=True)
    ]
    (claim,) = stray_faults('{"session_id":"s1","user_id":"ann","t_us":1, cut', rows=rows)
    assert (claim.users, claim.first_us) == ({"ann", "optedout"}, 1)


def test_where_no_good_line_names_a_user_the_bad_lines_of_the_session_do() -> None:
    one, other = stray_faults('{"session_id":"s","user_id":"ann", cut', '{"session_id":"s", cut')
    assert (one.users, other.users) == ({"ann"}, {"ann"})
    one, other = stray_faults('{"session_id":"s","user_id":"ann", cut', '{"session_id":"s","user_id":"bob", cut')
    assert (one.users, other.users) == ({"ann"}, {"bob"})


def test_who_is_named_for_a_recording_stands_behind_what_names_nobody() -> None:
    for form, content, wanted in (
        ("rrweb", b'{"user_id":"bob"', Claim(frozenset({"ann"}))),
        ("rrweb", b"garbage", Claim(frozenset({"ann"}))),
        ("canonical", b"garbage", Claim(frozenset({"ann"}), undated=True)),
        ("canonical", b'{"user_id":"bob"}', Claim(frozenset({"bob"}))),
        ("canonical", b'{"user_id":"bo', Claim(doubtful=True, undated=True)),
    ):
        (fault,), _ = split_faults([Fault(BAD, 0, 1, content=content)], Source(0, "x", form, "ann"), fold_case=True)
        assert fault.claim == wanted


@pytest.mark.parametrize(
    ("user", "days", "kept", "counted"),
    [
        ("ann", 0, (b"x", 0), []),
        ("ann", 7, (b"x", 0), []),
        ("bob", 7, (b"", 0), [("quarantine.not_kept.refused", 4)]),
        ("", 0, (b"", 0), [("quarantine.not_kept.unknown", 4)]),
        ("", 1, (b"x", 1), []),
    ],
)
def test_what_may_not_be_kept_is_counted(
    user: str, days: int, kept: tuple[bytes, int], counted: list[tuple[str, int]]
) -> None:
    of = {"ann": ConsentStatus.AGREED, "bob": ConsentStatus.REFUSED, "": ConsentStatus.UNKNOWN}
    custody = Custody(lambda claim: of["".join(claim.users)], days)
    fault = Fault(BAD, 0, 1, 4, b"x", Claim(frozenset({user} - {""})))
    (after,), counts = custody.admit_all([fault])
    assert ((after.content, after.days), counts) == (kept, counted)


def test_faults_are_joined_within_a_source_and_a_custody_and_keep_their_people() -> None:
    faults = [
        Fault(BAD, source, line, content=content, claim=Claim(frozenset({user})), days=days)
        for source, line, content, user, days in [
            (0, 1, b"a", "ann", 0),
            (0, 2, b"", "bob", 0),
            (0, 3, b"c", "cat", 0),
            (0, 4, b"d", "dan", 7),
            (1, 5, b"e", "eva", 0),
        ]
    ]
    joined = fold(faults, 0)
    assert [(fault.line, fault.events, fault.content, sorted(fault.claim.users)) for fault in joined] == [
        (1, 3, b"a\nc", ["ann", "bob", "cat"]),
        (4, 1, b"d", ["dan"]),
        (5, 1, b"e", ["eva"]),
    ]
    assert fold(faults, 5) == faults
