# ruff: noqa: E501 - patterns are tables: one alternative list a line, in the letters of many languages
"""File paths that name a person: home folders, profile shares, synchronised drives."""

from schemas.entities import EntityType
from transforms.redact.detect.recognizers.rule import Rule

_USER = EntityType.USERNAME
_SHARED = r"(?:public|default(?: user)?|all users|shared|guest|runner|runneradmin|root|ubuntu|user|username|vagrant|node|app|linuxbrew|<)"
_NAME = rf"(?!{_SHARED}(?:[\\/\s\"']|$))(?P<v>[^\\/:*?\"'<>|\s]+(?: [^\\/:*?\"'<>|\s]+){{0,2}}(?=[\\/])|[^\\/:*?\"'<>|\s,;)&#]+)"

RULES = (
    Rule(
        "windows-profile",
        _USER,
        rf"\b[a-z][:|]?[\\/]{{1,2}}(?:users|documents and settings|benutzer|utilisateurs|usuarios)[\\/]{{1,2}}{_NAME}",
        0.95,
    ),
    Rule(
        "unix-home",
        _USER,
        rf"(?<![\w.])(?:/(?:home|Users|export/home|var/home|data/home|nfs/home|System/Volumes/Data/Users)|/mnt/[a-z]/Users)/{_NAME}",
        0.9,
    ),
    Rule("tilde-home", _USER, r"(?<![\w/.~])~(?P<v>[a-z_][\w.-]{2,31})(?=/)", 0.7),
    Rule(
        "network-share",
        EntityType.FILE_PATH,
        r"(?<![\\\w])\\{2,4}(?=[\w.$-]{0,60}[^\W\d_])[\w.$-]{2,63}\\{1,2}(?:[^\\/:*?\"<>|\r\n]{1,80}\\{1,2}){0,12}[^\\/:*?\"'<>|\s,;]{1,120}",
        0.85,
    ),
    Rule("network-share-address", EntityType.FILE_PATH, r"\b(?:smb|cifs|afp|nfs)://[^\s\"'<>]{3,300}", 0.85),
    Rule(
        "drive-of-a-company",
        _USER,
        r"[\\/]OneDrive(?: - [^\\/\"'<>|\n]{1,60})?[\\/](?:personal[\\/])(?P<v>[^\\/\"'<>|\s]{3,80})|-my\.sharepoint\.com/personal/(?P<v>[^/\s\"'<>?]{3,80})",
        0.9,
    ),
    Rule(
        "domain-user", _USER, r"(?<![\\\w:./-])(?-i:[A-Z][A-Z0-9_-]{1,14})\\(?P<v>[a-z][\w.-]{2,63})(?![\\\w:/])", 0.6
    ),
    Rule(
        "personal-file",
        EntityType.FILE_PATH,
        r"(?<![\w/\\])(?P<v>[^\W\d_]{2,20}[_. -][^\W\d_]{2,20}[_. -](?:resume|cv|payslip|salary|passport|offer|contract|lebenslauf|invoice|medical|tax)[\w. -]{0,24}\.(?:pdf|docx?|xlsx?|jpe?g|png))(?!\w)",
        0.6,
    ),
)
