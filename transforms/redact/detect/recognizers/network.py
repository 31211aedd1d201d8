# ruff: noqa: E501, RUF001 - patterns are tables: one alternative list a line, in the letters of many languages
"""Addresses of people and machines on a network: mail, handles, prompts, hosts, IP and MAC, personal parts of URLs."""

import re

from schemas.entities import EntityType
from transforms.redact.detect.recognizers.check_digits import ip_value, with_digits
from transforms.redact.detect.recognizers.personal_facts import login_value
from transforms.redact.detect.recognizers.rule import Rule
from transforms.redact.text.word_lists import WordClass, is_listed, word_class

_MAIL, _USER, _HOST = EntityType.EMAIL_ADDRESS, EntityType.USERNAME, EntityType.HOSTNAME

_NOT_HANDLES = (
    "override|param|params|return|returns|throws|media|import|property|staticmethod|classmethod|dataclass|pytest|keyframes"
    "|font-face|charset|supports|component|injectable|autowired|test|before|after|types|ts-ignore|deprecated|author|since|see"
    "|todo|here|channel|everyone|all|team|interface|implementation|end|class|protocol|selector|entity|table|column|bean"
    "|service|controller|repository|nullable|notnull|suppresswarnings|functools|decorator|abstractmethod|app|router|echo|mixin"
    "|include|extend|layer|apply|tailwind|home|work|least|most|about|gmail|outlook|yahoo|hotmail"
)
_RESERVED = (
    "home|explore|search|login|signup|settings|notifications|messages|hashtag|i|intent|share|about|privacy|tos|help|jobs|compose"
    "|watch|feed|shorts|results|playlist|channel|c|p|reel|reels|stories|tv|direct|accounts|groups|events|pages|marketplace|gaming"
    "|sharer|dialog|plugins|r|wiki|issues|pulls|marketplace|topics|trending|collections|sponsors|orgs|features|pricing|new"
    "|company|school|learning|discover|tag|tags|business|ads|legal|policies|download|me|all|admin|create|edit|list|index|profile"
)
_PERSONAL_KEYS = (
    r"u|user|username|user_?name|user_?id|uid|login|login_hint|account|acct|member|owner|author|assignee|reporter|creator|by|from_user|to_user"
    r"|email|e-?mail|mail|to|cc|bcc|recipient|sender|name|first_?name|last_?name|full_?name|fname|lname|surname|given_?name|family_?name"
    r"|person|people|contact|customer|customer_?name|patient|employee|employee_?id|student|phone|tel|mobile|ssn|dob|birth_?date|address|street"
)
_INTERNAL = r"(?:internal|local|localdomain|corp|lan|intra(?:net)?|home|private|priv|ad|prod|dom(?:ain)?|office|hq)"
_DEVICE = (
    r"(?:pc|laptop|notebook|mbp|mba|mac ?book(?:-(?:pro|air))?|imac|mac(?:-mini)?|iphone|ipad|desktop|air|workstation)"
)
_PAGES = (
    r"(?:calendly\.com|cal\.com|tidycal\.com|savvycal\.com|meetings\.hubspot\.com|zoom\.us/my|whereby\.com|paypal\.me|paypal\.com/paypalme"
    r"|venmo\.com(?:/u)?|cash\.app|revolut\.me|ko-fi\.com|buymeacoffee\.com|linktr\.ee|about\.me|m\.me|t\.me|telegram\.me|bsky\.app/profile"
    r"|keybase\.io|gist\.github\.com|linkedin\.com/(?:in|pub)|line\.me/ti/p|skype\.com/invite|vk\.com|ok\.ru|xing\.com/profile)"
)
_INVITES = (
    r"(?:discord\.gg|discord(?:app)?\.com/invite|chat\.whatsapp\.com|join\.slack\.com/t/[\w-]{1,60}/shared_invite|t\.me/joinchat|meet\.google\.com"
    r"|teams\.(?:microsoft|live)\.com/(?:l/meetup-join|meet)|zoom\.us/[jw]|(?:[\w-]{1,40}\.)?webex\.com/meet|signal\.group/#?)"
)
_PAGE = re.compile(r"\.(?:html|rst|md)\W*$")
_RETINA = re.compile(r"@\d(?:\.\d)?x\.\w+$")
VERSION = r"\w{0,24}(?:version|build|release|revision)|(?<![\w./:@-])(?!ip|host|peer|node|server|client|proxy|dns|gateway|remote)(?-i:[A-Z])[a-z]{2,20}(?=/)|ver|rev|v"
"""Words before a number of a product in four parts: ``Chrome/113.0.0.0``, ``AssemblyVersion("4.8.0.0")``."""
_NO_PERSON = re.compile(
    r"(?:git|svn|hg)@.*|[\w.-]+@(?:localhost|127\.0\.0\.1|latest|next|canary|nightly|beta|alpha|rc|stable|main|master)|.*@[\d.]+|.*@sha\d{1,3}",
    re.IGNORECASE,
)
"""Logins of services and of this machine, versions and tags of packages, digests of images: no addresses of people."""


def mail_value(value: str) -> bool | None:
    """Judge a mail address: refuse ``logo@2x.png``, ``node@18.11``, ``vite@latest`` and ``git@github.com``."""
    return False if _RETINA.search(value) or _NO_PERSON.fullmatch(value) else None


def _has_letters(value: str) -> bool | None:
    page = _PAGE.search(value) and not any(map(is_listed, re.split(r"\W", value)))
    return None if sum(map(str.isalpha, value)) >= 2 and not page else False  # noqa: PLR2004


def _owner_value(value: str) -> bool | None:
    """Judge the first part of a device's name: ``kowalczuk-pc`` is somebody's, ``gaming-pc`` is not."""
    owner = value.casefold()
    known = {word_class(owner), word_class(owner.removesuffix("s"))}
    return False if known & {WordClass.EVERYDAY, WordClass.KNOWN, WordClass.INTERFACE} else None


def _network_value(value: str) -> bool | None:
    """Judge the name of a network: several words joined, or digits, are a household's; ``eduroam`` is not."""
    return None if _JOINED.search(value) else False


_JOINED = re.compile(r"[^\W\d_A-ZÀ-Þ][A-ZÀ-Þ]|[\d'’]")

_LOCAL_PART = r"(?<![\w+-])[\w!#$%&'*+/=?^`{|}~-](?:[\w.!#$%&'*+/=?^`{|}~-]{0,63}[\w+=_-])?"

_PROVIDER = r"(?:gmail|googlemail|yahoo|hotmail|outlook|live|icloud|protonmail|proton|aol|gmx|web|mail|msn|yandex)"
_TOP = r"(?:com|org|net|edu|gov|info|io|de|fr|es|it|nl|se|fi|pl|uk|ch|eu|us|br|ru|jp|au|ca)"

RULES = (
    Rule(
        "mail",
        _MAIL,
        r"(?<![\w.+-])[\w+-](?:[\w.+'&=~-]{0,63}[\w+-])?@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}",
        0.95,
        mail_value,
    ),
    Rule(
        "mail-quoted",
        _MAIL,
        rf"{_LOCAL_PART}@(?:[\w-]{{1,63}}\.){{1,8}}[^\W\d_]{{2,24}}|\"[^\"\n@]{{1,60}}\"@(?:[\w-]{{1,63}}\.){{1,8}}[a-z]{{2,24}}",
        0.95,
        mail_value,
    ),
    Rule(
        "mail-internal",
        _MAIL,
        r"(?<![\w.+@/-])(?=[\w.+-]{0,63}[^\W\d_])\w[\w.+-]{1,63}@(?=[\w-]{0,30}[^\W\d_])[^\W_][\w-]{1,40}(?![\w@(-]|\.\w|:\s?[~/\\$]|\s[~/][^\]\n]{0,60}\][#$%]|\s(?:(?:[~/][\w./-]{0,200})?\s?[%$#](?:\s|$)|~[\w./-]{0,200}(?:$|\s[-\u2013\u2014]\s)))",
        0.6,
        mail_value,
    ),
    Rule(
        "mail-address-begun",
        _MAIL,
        r"(?<![\w.+/-])(?P<v>(?:[\w.+-]{2,64}@[A-Za-z][\w-]{1,40}\.[a-z]{0,3}|[\w+-]{1,40}[._][\w.+-]{1,40}@[A-Za-z][\w-]{2,40}))\s*\Z",
        0.5,
        gate=r"@[A-Za-z][\w-]{1,40}\.?[a-z]{0,3}\s*\Z",
        document=True,
    ),
    Rule("mail-address-literal", _MAIL, r"(?<![\w.+-])[\w.+-]{1,64}@\[?\d{1,3}(?:\.\d{1,3}){3}\]?", 0.9),
    Rule(
        "mail-broken",
        _MAIL,
        rf"(?<![\w.+-])[\w.+-]{{2,64}}(?:@[ ][\w-]{{2,63}}\.{_TOP}\b|[ ]?@[ ]?{_PROVIDER}[ ]?\.[ ]?{_TOP}\b|@[\w-]{{2,63}}(?:[ ]\.|\.[ ]){_TOP}(?![\w.]))",
        0.6,
    ),
    Rule(
        "mail-wrapped",
        _MAIL,
        r"(?<![\w.+-])(?=[\w.@+-]{2,120}\n)\w[\w.+-]{1,63}\n?@\n?(?:[\w-]{1,63}\n?\.\n?){1,4}(?-i:[a-z]{2,24})\b",
        0.7,
    ),
    Rule(
        "mail-spelt",
        _MAIL,
        r"\b[\w.+-]{1,64}\s?(?:\[|\(|\{)\s?at\s?(?:\]|\)|\})\s?[\w-]{1,63}(?:\s?(?:\[|\(|\{)\s?dot\s?(?:\]|\)|\})\s?[\w-]{2,63}|\.[a-z]{2,24})+|(?<![\w.+-])[\w.+-]{3,64}[©®][\w-]{2,63}\.[a-z]{2,6}\b",
        0.8,
    ),
    Rule(
        "prompt",
        _USER,
        r"(?<![\w.@/+-])(?P<v>[a-z_][\w.-]{0,31})@[\w.-]{1,64}:(?=[~/\\$#]|\s?~)|\[(?P<v>[a-z_][\w.-]{0,31})@[\w.-]{1,64}\s[^\]\n]{1,60}\][#$%]|(?<![\w.@/+-])(?P<v>[a-z_][\w.-]{0,31})@[\w.-]{1,64}\s(?:(?:[~/][\w./-]{0,200})?\s?[%$#](?:\s|$)|~[\w./-]{0,200}(?=$|\s[-\u2013\u2014]\s))",
        0.9,
        login_value,
    ),
    Rule(
        "remote-login",
        _USER,
        r"\b(?:ssh|scp|sftp|rsync|mosh|sshfs|git clone)\b[^\n@]{0,120}?[\s/](?P<v>(?!git@)[a-z_][\w.-]{0,63})@(?=[\w.-])",
        0.9,
        login_value,
    ),
    Rule(
        "handle",
        _USER,
        rf"(?<![\w@./=&:-])(?P<v>[@＠](?!(?:{_NOT_HANDLES})\b(?!-))(?!\d{{1,2}}(?::\d\d)?\s?(?:am|pm|h|uhr)?\b)(?=\w{{0,30}}[^\W\d_])\w{{1,40}}(?:[.-](?-i:[a-z0-9])\w{{0,30}})*)(?![\w@(]|/[\w]|\.\w+\()",
        0.7,
    ),
    Rule(
        "handle-after-punctuation",
        _USER,
        r"(?<=[.:=&\"'/>-])(?P<v>@(?=\w{0,30}[^\W\d_])[A-Za-z_]\w{2,30})(?![\w@(./-])",
        0.55,
    ),
    Rule("retweet", _USER, r"\brt\s?(?P<v>[@©®]\s?\w{2,40})", 0.9),
    Rule("handle-read", _USER, r"(?<![\w.])[©®](?P<v>[A-Za-z]\w{4,30}(?<=[\d_])\w{0,30})(?!\w)", 0.5),
    Rule("reddit-user", _USER, r"(?<![\w/])/?u/(?P<v>[\w-]{3,20})(?![\w/])", 0.85),
    Rule("mention-link", _USER, r"<@!?(?P<v>[UW]?\w{6,22})>", 0.8),
    Rule(
        "ip",
        EntityType.IP_ADDRESS,
        r"(?<![\w.+-])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w]|\.\d)(?:/\d{1,2})?",
        0.9,
        ip_value,
        unless=VERSION,
    ),
    Rule(
        "ip-read",
        EntityType.IP_ADDRESS,
        r"(?<![\w.+-])(?!(?:127\.0\.0\.1|0\.0\.0\.0)(?!\d))(?=[\dOIlSB]{0,3}\d)(?:[\dOIlSB]{1,3}\s?\.\s?){3}[\dOIlSB]{1,3}(?![\w]|\.\d)",
        0.2,
        with_digits(4),
        r"ip|host|server|address|ping|from|client|gateway|dns",
        unless=VERSION,
    ),
    Rule(
        "ip-six-read",
        EntityType.IP_ADDRESS,
        r"(?<![\w:])(?:[0-9a-z]{1,4}:){7}[0-9a-z]{1,4}(?![\w:])",
        0.6,
        with_digits(8),
    ),
    Rule(
        "ip-six",
        EntityType.IP_ADDRESS,
        r"(?<![\w:.])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])|(?<![\w:.])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?:%\w{1,12})?(?![\w:])",
        0.9,
        ip_value,
    ),
    Rule(
        "mac",
        EntityType.MAC_ADDRESS,
        r"(?<![\w:-])(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])|(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![\w.])",
        0.95,
    ),
    Rule(
        "internal-host",
        _HOST,
        rf"(?<![\w.@-])[a-z0-9](?:[\w-]{{0,62}}\.){{1,6}}{_INTERNAL}(?:\.[a-z]{{2,12}})?(?![\w-]|\.\w|\()",
        0.6,
        lambda value: None if any(map(str.isdigit, value)) or value.count(".") > 1 or "-" in value else False,
    ),
    Rule(
        "asset-host",
        _HOST,
        r"(?<![\w.-])(?:lt|ws|nb|pc|wks|vm|laptop|desktop|notebook|workstation|mbp|macbook(?:-pro|-air)?|imac|iphone|ipad)-(?=[\w-]{0,30}[a-z0-9])[\w]{3,24}(?:-[\w]{1,16}){0,3}(?![\w-])",
        0.5,
        lambda value: None if any(map(str.isdigit, value)) or value.isupper() else False,
    ),
    Rule(
        "possessive-device",
        EntityType.HOSTNAME,
        r"(?<!\w)(?P<v>(?-i:[A-ZÀ-Ž])[\w-]{1,20}(?:'|’)?s?[- ](?:mac ?book(?:[- ](?:pro|air))?|iphone|ipad|imac|laptop|pc|galaxy|pixel|airpods|desktop)(?:[- ][\w-]{1,10})?(?:\.local)?)(?!\w)",
        0.5,
        lambda value: None if "'s" in value or "’s" in value or ".local" in value else False,
    ),
    Rule(
        "device-of-somebody",
        _HOST,
        rf"(?<![\w.@/-])(?P<v>[^\W\d_][\w]{{2,20}})[-_]{_DEVICE}(?:\.(?:local|lan|home|fritz\.box))?(?![\w-]|\.\w)",
        0.5,
        _owner_value,
    ),
    Rule(
        "device-named-after",
        EntityType.PERSON,
        r"\b(?:iphone|ipad|mac ?book(?: pro| air)?|galaxy(?: [\w+]{1,8}){0,2}|pixel|pc|laptop|airpods|handy|watch)[ _-](?:von|de|di|do|da|van|af|av|fra|från|od)[ _-](?P<v>(?-i:[A-ZÀ-Ž])[^\W\d_]{1,20})(?![\w])",
        0.8,
    ),
    Rule(
        "network-name",
        _HOST,
        r"\b(?:ssid|wi-?fi(?:[ -]network)?(?:[ -]name)?|wlan(?:-name)?|network name|netzwerkname|hotspot|réseau wi-?fi|red wi-?fi)\s?[:=]\s?[\"']?(?P<v>[^\s\"',;]{4,32})",
        0.6,
        _network_value,
    ),
    Rule(
        "phone-in-link",
        EntityType.PHONE_NUMBER,
        r"(?:\bwa\.me/|\b(?:tel|sms|smsto|callto|sip|facetime(?:-audio)?|whatsapp|viber|skype|imessage):(?://)?(?:[\w/-]{0,20}\?(?:number|phone|to|id)=)?|\bsignal\.me/#p/|\bt\.me/(?=\+)|[?&](?:phone|number|tel|mobile|msisdn|whatsapp|to)=)(?P<v>(?:%2B|\+|00)?\d(?:[().\s-]{0,2}\d){6,14})(?!\d)",
        0.9,
    ),
    Rule(
        "page-of-somebody",
        _USER,
        rf"(?<![\w-]){_PAGES}/@?(?P<v>(?!(?:{_RESERVED})(?:[/?#\s]|$))[^\s/?#<>\"'&|+]{{2,80}})",
        0.8,
    ),
    Rule(
        "invitation",
        EntityType.SECRET,
        rf"(?<![\w-]){_INVITES}/(?P<v>[^\s?#<>\"'&|]{{6,400}}(?:\?pwd=[\w.-]{{4,80}})?)",
        0.8,
    ),
    Rule(
        "link-of-one-use",
        EntityType.SECRET,
        r"(?<![\w@.-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?::\d{2,5})?(?:/[\w.~%-]{1,60}){0,4}/(?:invites?|invitations?|join|accept|reset(?:-password)?|verify(?:-email)?|confirm|activate|magic(?:-link)?|unsubscribe|share|shared|s)/(?P<v>(?=[\w%.~=-]{0,60}\d)(?=[\d%.~=-]{0,60}[a-z])[\w%.~=-]{8,400})",
        0.8,
    ),
    Rule(
        "url-personal-value",
        _USER,
        rf"[?&#](?:{_PERSONAL_KEYS})=(?P<v>[^&#\s\"'<>]{{1,200}}(?:(?: [^&#=\s\"'<>]{{1,40}}){{1,5}}(?=[&#]|$))?)"
        rf"|;(?:{_PERSONAL_KEYS})=(?P<v>[^&#;\s\"'<>]{{1,200}})",
        0.6,
        _has_letters,
    ),
    Rule(
        "url-personal-path",
        _USER,
        rf"(?:https?://|www\.|\b[\w-]+\.(?:com|org|net|io|app|dev)/)[^\s<>\"'?#]{{0,200}}?/(?:users?|members?|people|person|profiles?|in|u|employees?|patients?|customers?|contacts?|author|~)/(?P<v>(?!(?:{_RESERVED})(?:[/?#\s]|$))[^\s/?#<>\"'&]{{2,80}})",
        0.6,
        _has_letters,
    ),
    Rule("url-home", _USER, r"(?:https?://|www\.)[^\s<>\"'?#]{1,200}?/~(?P<v>[^\s/?#<>\"'&]{2,40})", 0.8),
    Rule(
        "url-profile",
        _USER,
        rf"(?<![\w-])(?:twitter|instagram|facebook|tiktok|threads|pinterest|medium|flickr|t|soundcloud|snapchat|patreon|venmo|keybase|(?<!\.)x)\.(?:com|net|me|io)/(?:add/)?@?(?P<v>(?!(?:{_RESERVED})(?:[/?#\s]|$))[\w.-]{{2,40}})",
        0.5,
    ),
)
