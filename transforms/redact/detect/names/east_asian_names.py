"""Names of people in Chinese and Japanese text, by family names and what stands around them.

Nothing marks words there, and the classifier sees a sentence as one word: ``请联系王小明确认`` holds the family name
王, two more signs and then a word; ``山田花子さんに`` holds a family name, a given name and an honorific.
"""

import re
from collections.abc import Iterator

from schemas.entities import EntityType, Span
from transforms.redact.text.word_lists import chinese_words

_HAN = "\u3400-\u9fff\uf900-\ufaff々"
_SCRIPT = re.compile(rf"[{_HAN}\u3041-\u30ff]")
_SCORE = 0.6

_CHINESE = (
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡"
    "贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀"
    "赖賴龚龔文庞龐樊兰蘭殷施陶洪翟安颜顏倪严嚴牛温溫芦季俞章鲁魯葛伍韦韋申尤毕畢聂聶丛焦向柳邢岳齐齊梅莫庄莊辛管祝左涂谷祁时舒耿牟卜路詹关關苗凌费費纪紀靳盛童欧歐甄项項曲成游阳陽裴席卫衛查屈鲍鮑位覃霍翁隋植甘景薄单單包司柏宁寧柯阮桂闵閔解强柴华華车車冉房边邊辜吉饶饒刁瞿戚丘古米池滕佟"
    "仇伍佘储儲冼娄婁屠岑嵇巩鞏戎敖晏栾欒桑楼樓符练缪繆臧芮苟茅荆荊蒙蒲蓝藍蔺藺虞裘褚谌邝鄺邬鄔邰郜鄢鄞阙闕雍鞠骆駱麦麥窦竇计商喻应應穆簡鐘龎凃塗席单"
)
_CHINESE_DOUBLE = (
    "欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|东方|東方|皇甫|尉迟|尉遲|公孙|公孫|慕容|司徒|夏侯|令狐|宇文|长孙|長孫"
    "|張簡|张简|范姜"
)
_GIVEN_SIGNS = frozenset(
    "世东中丹丽义云亮仁仪伊伟佐佑佩佳侃依俊信倩偉健傑儒元兆先光全公兰兴兵军冠冬冰凌凝凡凤凯凱刚利剑力勇勋勝勤化升华卓南博卫卿友双可叶吉君启咏品哲"
    "唯善嘉国國圣坚坤培基墨声大天奇奕妍妙妤妮妹姗姝威娅娇娜娟娥婉婕婧婷媛嫣子孝孟季学宁宇安宏宗宜宝宥宪家宸容宾寅富寶寿小少尚山岚岩岳峰峻崇川巧帅"
    "帆希平庆庭康延廷建弘強强彤彥彦彩彬影律德心忆志忠念忻怀思怡恒恩悦惠想意慈慧憲懿成才承振捷政敏文斌斐斯新旋旭旺旻昂昊昌明昕星春昱显晋晓晖晗晨晴"
    "晶智曦曼月朗望朝木权杉杨杰松林枝柏柔柯柳栋树栩根桂桃桐桦梁梅梓棋森楚楠楷榮欢欣欽歌正武殿毅毓民水永汐江沁沛泉波泰泽洁洋洛津洪浚浩浪海涛润涵淑"
    "淳淼清渊渝温湘源溪滔滢滨漪潇澄澜瀚灿炎炜炳烨烽焕焱煊煜熙燕爽牧玄玉玟玥环玲珀珂珊珍珞珠琛琦琪琳琴琼瑄瑋瑗瑛瑜瑞瑶瑾璇璋璐璞甜生男畅登發皓盈益"
    "盛真睿硕碧碩磊礼祖祥祺禄福禹秀秉秋程穆穎立竞章竣童竹笑笙笛筑筠素維红纯纲绍绮维缘美群義羽翔翠翰翼耀聪聰育胜胤腾臣致興舒舟航良艳艺芊芙芝芬芯花"
    "芳芸苏苑苡若英茂茗茜茵荃荔荣荷莉莎莘莲莹菁菊華菲萌萍萱葵蓁蓉蓓蓝蓮蔓蔚蕊蕴蕾薇蘭虎虹融衡裕言詠詩語誠諺诗诚谊谦豪貞財賢贝贞贤贵赫超越跃軒輝轩"
    "辉辰达远迪進逸遠邦郁金鈺銘鑫钊钦钧铁铃铎铭锋锐锦镇阳隆雁雄雅雨雪雯雲雷霄霆霏霖霞露青靖静靜韬韵顺颖风飞香馥馨驰骏鳳鴻鸣鸿鹂鹏鹤麒麗麟黎默龍龙"
)
"""Signs of given names."""
_ALSO_WORDS = frozenset(
    "于向包解左连高方时白黄金江石万成单全和周常安关管行通路文商强游景终陆关计应曲项何孔段易车班从边当牛马田林叶水花明都相空能可平毛尚同公后支冷国有米海夏任温华游洪舒盛党計练符蒙楼樓桑商單应應席單麥簡"
)
"""Family names that are common words as well."""
_CHINESE_BEFORE = (
    "联系|聯繫|聯絡|联络|通知|感谢|感謝|谢谢|謝謝|请|請|找|问|問|见|見|给|給|和|与|與|跟|由|是|叫|向|让|讓|约|約|对|對|的|为|為|到|及|转告|轉告|"
    "发给|發給|交给|交給|客户|客戶|同事|经理|經理|医生|醫生|老师|老師|患者|病人|姓名|名字|收件人|联系人|聯絡人|负责人|負責人|创建者|作者|亲爱的|親愛的|尊敬的|你好|您好|"
    "昨天|今天|明天|上午|下午|晚上|我们|我們|他们|他們|见了|見了|据|據"
)
_CHINESE_AFTER = (
    "先生|女士|小姐|老师|老師|经理|經理|主任|总监|總監|总|同学|同學|医生|醫生|教授|律师|律師|师傅|您|你|说|說|的|在|和|与|與|跟|是|会|會|已|将|將|把|给|給|"
    "请|請|发|發|打|来|來|去|到|要|想|今天|明天|昨天|下午|上午|确认|確認|回复|回覆|提交|负责|負責|参加|參加|同意|预约|預約|住|于|於|对|對|也|都|没|沒|不|吗|嗎|了|从|從|表示|告诉|告訴|需要|批准|替|代|审|審|来电|來電|回电|回電|处理|處理|邮箱|郵箱|电话|電話|手机|手機|地址|生日"
)
_JAPANESE = (
    "佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|渡部|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|斎藤|斉藤|齋藤|清水|山崎|阿部|池田|橋本|山下|石川|中島|前田|"
    "藤田|後藤|小川|岡田|村上|長谷川|近藤|石井|坂本|遠藤|青木|藤井|西村|福田|太田|三浦|藤原|岡本|松田|中川|中野|原田|小野|田村|竹内|金子|和田|中山|石田|上田|森田|"
    "柴田|酒井|工藤|横山|宮崎|宮本|内田|高木|安藤|谷口|大野|丸山|今井|河野|藤本|村田|武田|上野|杉山|増田|平野|大塚|千葉|久保|松井|小島|岩崎|桜井|野口|松尾|野村|"
    "菊地|菊池|木下|佐野|大西|杉本|新井|浜田|市川|古川|水野|小松|島田|吉川|高田|西田|山内|北村|川口|東|飯田|安田|吉村|樋口|川崎|永井|本田|久保田|中田|馬場|服部|"
    "熊谷|川上|岩田|土屋|福島|松岡|秋山|荒木|辻|矢野|田口|大橋|小池|関|川村|大久保|浅野|小山|吉岡|平田|松下|八木|星野|望月|岩本|早川|桑原|荒井|黒田|堀|沢田|澤田|永田|尾崎|片山|須藤|三宅|成田|黒木|内藤|篠原|西川|岸|大島|宮田|石原|松村|田辺"
)
_JAPANESE_SHORT = "林|森|原|東|辻|関|堀|岸|南|北|西|谷|星|平|泉|浜|畑|岡|菅|角|島|江|牧|柳|榊"
_HONORIFIC = "さん|様|さま|君|くん|ちゃん|氏|殿|先生|部長|課長|社長|係長|専務|常務|主任|教授|選手"
_PARTICLE = "は|が|に|を|の|と|へ|も|、|。|です|から|まで|より|宛|が|氏名|$|[^\\w]"
_GIVEN = rf"(?!{_HONORIFIC})(?![県市区町村駅川山島国語学大部課社局店]|都|府)[{_HAN}\u3041-\u3093]{{1,3}}?"

_FAMILY = re.compile(rf"{_CHINESE_DOUBLE}|[{_CHINESE}]")
_CUE_BEFORE = re.compile(rf"(?:{_CHINESE_BEFORE})$")
_CUE_AFTER = re.compile(rf"{_CHINESE_AFTER}")
_HAN_SIGN = re.compile(f"[{_HAN}]")
_KANA = re.compile("[\u3041-\u30ff]")
_MOST_CUE = 3

_HONOURED = rf"(?=[ \u3000]?(?:{_HONORIFIC})(?!々))"

_RULES = tuple(
    re.compile(pattern)
    for pattern in (
        # 山田花子さん, 山田さん; 山田花子に; 山田
        rf"(?<![{_HAN}])(?P<v>(?:{_JAPANESE}|{_JAPANESE_SHORT})(?:[ \u3000]?{_GIVEN})?){_HONOURED}",
        rf"(?<![{_HAN}])(?P<v>(?:{_JAPANESE})[ \u3000]?{_GIVEN})(?={_PARTICLE})",
        rf"(?<![{_HAN}])(?P<v>{_JAPANESE})(?=$|[^\w])",
        # ジョン・スミス, スミスさん
        r"(?P<v>[ァ-ヴー]{2,}[・\uff1d=][ァ-ヴー]{2,}(?:・[ァ-ヴー]{2,})?)",
        r"(?<![ァ-ヴー])(?P<v>[ァ-ヴー]{2,8})(?=さん|様(?!々)|くん|ちゃん|氏)",
    )
)


def holds_east_asian(text: str) -> bool:
    """Return whether ``text`` holds a Chinese or Japanese sign."""
    return _SCRIPT.search(text) is not None


def find_east_asian_names(text: str) -> Iterator[Span]:
    """Yield the spans of names in Chinese or Japanese ``text``; they may overlap.

    >>> [(span.start, span.end) for span in find_east_asian_names("请联系王小明确认会议时间")]
    [(3, 6)]
    """
    for rule in _RULES:
        for found in rule.finditer(text):
            yield Span(*found.span("v"), EntityType.PERSON, _SCORE)
    for found in _FAMILY.finditer(text):
        end = _end_of_chinese_name(text, *found.span())
        if end:
            yield Span(found.start(), end, EntityType.PERSON, _SCORE)


def _end_of_chinese_name(text: str, start: int, given: int) -> int:
    """Find the end of the name whose family name is ``text[start:given]``; 0 if there is none.

    One or two signs of given names follow. No word may reach over an edge of the name. A sign or a word that goes with
    names must stand beside it, unless two signs follow a family name that is nothing else: ``问一下莫秀英合同``.
    Of two given signs the second is left out if it begins another word: 张伟 in 张伟发来, since 发来 is a word.
    """
    words = chinese_words()
    before = text[max(start - _MOST_CUE, 0) : start]
    cued = _CUE_BEFORE.search(before) is not None
    inside = bool(before) and _HAN_SIGN.match(before[-1]) is not None
    if (inside and not cued and text[start - 1 : start + 1] in words) or (
        given == start + 1 and text[start : start + 2] in words
    ):
        return 0
    for end in (given + 2, given + 1):
        given_name = text[given:end]
        if len(given_name) < end - given or not _GIVEN_SIGNS.issuperset(given_name):
            continue
        if text[end - 1 : end + 1] in words and text[end : end + 2] not in words and not _CUE_AFTER.match(text, end):
            continue
        goes_on = _HAN_SIGN.match(text, end) is not None or _KANA.match(text, end) is not None
        follows = _CUE_AFTER.match(text, end) is not None
        if (given_name in words or text[start] in _ALSO_WORDS) and not (cued or follows):
            continue
        if not goes_on or cued or follows or end - given > 1 or text[end : end + 2] in words:
            return end
    return 0
