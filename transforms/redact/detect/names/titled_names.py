# ruff: noqa: E501, RUF001 - patterns are tables: one alternative list a line, in the letters of many languages
"""Names of people in Korean, Thai and Arabic text, by family names, titles and the words around them.

Nothing but a title marks a name there: ``김서연 님이`` holds a family name, a given name and an honorific, and in
``คุณสมชาย ใจดี`` the title is written together with the given name.
"""

import re
from collections.abc import Iterator

from schemas.entities import EntityType, Span

_SCORE = 0.6
_SCRIPT = re.compile(r"[\u0600-\u06ff\u0e00-\u0e7f\uac00-\ud7a3]")
_FAMILY = (
    "[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용]"
    "|남궁|황보|제갈|선우|사공|독고|서문"
)
_HONORIFIC = (
    "님|씨|선생|교수|과장|대리|부장|차장|팀장|실장|사장|회장|이사|대표|박사|의사|변호사|간호사|기자|감독|선수|사원|주임|고객|환자|학생|군(?=[ 이은을,.]|$)"
    "|양(?=[ 이은을,.]|$)"
)
_CALLED = "이름|성명|성함|담당자|고객명?|작성자|보낸 ?사람|받는 ?사람|발신자|수신자|예금주|신청자|환자명?|대표자|참석자|연락처"
_TOLD = "에게서?|한테서?|께서?|이랑|랑|하고"
_RULES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![가-힣])(?P<v>(?:{_FAMILY})[ ]?[가-힣]{{1,2}}?)(?=[ ]?(?:{_HONORIFIC}))",
        rf"(?<![가-힣])(?:{_CALLED})[ ]?(?:[:：]|은|는|이|가)?[ ]?(?P<v>(?:{_FAMILY})[가-힣]{{1,2}})(?![가-힣])",
        rf"(?<![가-힣])(?P<v>(?:{_FAMILY})[가-힣]{{2}})(?=(?:{_TOLD})(?![가-힣]))",
        r"(?:คุณ|นางสาว|นาง|นาย|ดร\.|เด็กชาย|เด็กหญิง|น\.ส\.)[ ]?(?P<v>[\u0e00-\u0e7f]{2,24}(?: [\u0e00-\u0e7f]{2,24})?)",
        r"(?<!\w)(?:السيدة?|الأستاذة?|الدكتورة?|د\.|المهندسة?|الآنسة|الشيخ)[ ](?P<v>[\u0621-\u064a]{2,20}(?: ال[\u0621-\u064a]{3,20})?)",
    )
)


def find_titled_names(text: str) -> Iterator[Span]:
    """Yield the spans of names in Korean, Thai or Arabic ``text``; they may overlap.

    >>> [(span.start, span.end) for span in find_titled_names("김서연 님이 댓글을 남겼습니다")]
    [(0, 3)]
    """
    if _SCRIPT.search(text) is None:
        return
    for rule in _RULES:
        for found in rule.finditer(text):
            yield Span(*found.span("v"), EntityType.PERSON, _SCORE)
