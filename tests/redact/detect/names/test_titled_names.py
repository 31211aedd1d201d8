# ruff: noqa: RUF001 - texts in the letters of several scripts
"""Names beside titles in Korean, Thai and Arabic; ordinary words there stay."""

import pytest

from transforms.redact.detect.names.titled_names import find_titled_names
from transforms.redact.detect.people import people
from transforms.redact.detect.words import split


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_titled_names(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("김서연 님이 댓글을 남겼습니다", "김서연"),
        ("박민수님께 전달", "박민수"),
        ("회의는 이준호 팀장과 함께", "이준호"),
        ("담당자: 최지우", "최지우"),
        ("정하윤에게 보내기", "정하윤"),
        ("남궁민 선생", "남궁민"),
        ("ส่งถึงคุณสมชาย ใจดี", "สมชาย ใจดี"),
        ("اتصل الدكتور سامر الحلبي أمس", "سامر الحلبي"),
    ],
)
def test_a_name_beside_its_title_is_found(text: str, name: str) -> None:
    assert name in found(text)


@pytest.mark.parametrize(
    "text",
    ["이야기를 들었습니다", "파일을 저장할까요?", "설정이 변경되었습니다", "ตั้งค่าบัญชี", "إعدادات الحساب", "plain words"],
)
def test_ordinary_words_are_not(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("रवि शर्मा ने फ़ाइल भेजी", "रवि शर्मा"),
        ("تحدثت مع خالد المنصوري أمس", "خالد المنصوري"),
        ("İbrahim aradı", "İbrahim"),
    ],
)
def test_listed_names_are_whole_words_with_their_marks(text: str, name: str) -> None:
    assert name in [text[span.start : span.end] for span in people(text, split(text), ())]
