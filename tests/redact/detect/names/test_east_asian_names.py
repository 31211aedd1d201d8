"""Chinese and Japanese names among words that look like them."""

import pytest

from transforms.redact.detect.names.east_asian_names import find_east_asian_names, holds_east_asian

SENTENCES = [
    ("请联系王小明确认会议时间", "王小明"),
    ("同事赵丽颖说今天请假", "赵丽颖"),
    ("张伟发来了一封邮件", "张伟"),
    ("周五和刘洋开会", "刘洋"),
    ("我是陈思远,电话是", "陈思远"),
    ("欧阳娜娜的邮箱", "欧阳娜娜"),
    ("李娜", "李娜"),
    ("你能问一下莫秀英合同签了没有", "莫秀英"),  # no cue, two signs of given names
    ("展会结束后我们在酒店见张萍。", "张萍"),
    ("今天下午杨佳会就投诉回电话", "杨佳"),
    ("我们和彭丹谈了搬家", "彭丹"),
    ("明天郭莉替我值班", "郭莉"),
    ("王建国给您发来了文件", "王建国"),
    ("田中太郎さんに会議の資料を送りました", "田中太郎"),
    ("電話番号は山田花子に聞いてください", "山田花子"),
    ("佐藤様へ請求書を送付", "佐藤"),
    ("高橋 健一 様", "高橋 健一"),
    ("森さんに連絡", "森"),
    ("ジョン・スミスの予約", "ジョン・スミス"),
    ("担当はスミスさんです", "スミス"),
]
ORDINARY = [
    "文件夹",
    "高级设置",
    "时间为下午",
    "方法在这里",
    "任务的状态",
    "安全和隐私",
    "路径不存在",
    "项目",
    "解锁时出错",
    "向左移动",
    "由于历史原因",
    "数据包将被验证",
    "向另外的好友发送",
    "最近使用した項目数",
    "左下",
    "关联的文件",
    "保存したファイルを開く",
    "石川県の天気",
    "お客様の情報",
    "設定を変更する",
    "Anna Kowalska",
    "",
]


@pytest.mark.parametrize(("text", "name"), SENTENCES)
def test_a_name_is_found_whole(text: str, name: str) -> None:
    ends = {text[span.start : span.end] for span in find_east_asian_names(text)}
    assert name in ends
    assert all(other in name for other in ends)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_that_begin_like_a_name_are_left(text: str) -> None:
    assert list(find_east_asian_names(text)) == []


@pytest.mark.parametrize(
    ("text", "held"), [("名", True), ("ア", True), ("あ", True), ("한글", False), ("Ж", False), ("", False)]
)
def test_the_scripts_are_those_of_china_and_japan(text: str, held: bool) -> None:
    assert holds_east_asian(text) == held
