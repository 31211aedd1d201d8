# ruff: noqa: E501 - patterns are tables: one alternative list a line
"""Passwords in connection strings of drivers and command lines, whatever signs they hold."""

import re

from schemas.entities import EntityType
from transforms.redact.detect.recognizers.randomness import password_value
from transforms.redact.detect.recognizers.rule import Rule

_SECRET, _PASSWORD = EntityType.SECRET, EntityType.PASSWORD

_STORES = (
    r"(?:postgres(?:ql)?|pgsql|mysqlx?|mariadb|mongodb|rediss?|valkey|amqps?|nats|mssql|sqlserver|oracle|db2|clickhouse|cockroachdb|cassandra"
    r"|cql|neo4j|bolt|memcached|kafka|mqtts?|ldaps?|s?ftps?|ssh|smb|imaps?|smtps?|pop3s?|couchdb|elasticsearch|snowflake|trino|presto|vertica"
    r"|redshift|teradata|hana|firebird|informix|influxdb|etcd|stomp|rtsp|socks[45]h?)"
)
_TEMPLATE = re.compile(r"[\w.]*(?:pass|pwd|secret|env|user|config)[\w.]*", re.IGNORECASE)


def _bracketed_value(value: str) -> bool | None:
    """Judge a quoted password: refuse the names of variables, ``pwd={db_password}``."""
    return False if _TEMPLATE.fullmatch(value) else None


RULES = (
    # the password ends at the last ``@``: ``postgres://crm:p@ss/w:rd#1@db:5432/crm``
    Rule(
        "store-credentials",
        _SECRET,
        rf"\b(?:[a-z0-9]{{2,12}}[+:])?{_STORES}(?:\+[a-z0-9_]{{1,20}})?://(?P<v>[^\s/:@\"'<>]{{0,120}}:[^\s\"'<>,]{{1,200}}@[\w.-]{{1,80}})(?=[:/?#,;\s\"'<>)\]]|$)",
        0.95,
    ),
    # behind http a number and a slash are a port and a path: ``http://localhost:8080/@types/node``
    Rule(
        "web-credentials",
        _SECRET,
        r"\bhttps?://(?P<v>[^\s/:@\"'<>]{1,120}:(?!\d{1,5}(?:[/?#]|$))[^\s\"'<>,]{1,200}@[\w.-]{1,80})(?=[:/?#,;\s\"'<>)\]]|$)",
        0.95,
    ),
    Rule(
        "go-source-name",
        _PASSWORD,
        r"(?<![\w.])[\w.+-]{1,64}:(?P<v>[^\s\"']{1,200})@(?=(?:tcp6?|udp|unix|cloudsql)\()",
        0.95,
    ),
    Rule(
        "quoted-keyword",
        _PASSWORD,
        r"(?<![a-z])(?:password|passwd|pwd|pass)\s?=\s?(?:\{(?P<v>(?:[^{}\n]|\}\}){1,200})\}|\"(?P<v>[^\"\n]{1,200})\"|'(?P<v>(?:[^'\\\n]|\\.|''){1,200})')",
        0.95,
        _bracketed_value,
    ),
    Rule(
        "oracle-login",
        _PASSWORD,
        r"(?:\b(?:sqlplus|sqlldr|expdp|impdp|exp|imp)\s(?:-\w{1,12}\s){0,4}|\bjdbc:oracle:\w{1,6}:|\bconn(?:ect)?\s|\brman target\s)[\w.$#]{1,64}/(?P<v>\"[^\"\n]{1,64}\"|[^\s\"'/]{2,64})(?=@)",
        0.9,
    ),
    Rule(
        "user-percent-password",
        _PASSWORD,
        r"\s(?:-U|--user)[ =]?[\"']?[\w.\\/-]{1,64}%(?P<v>[^\s\"']{3,64})",
        0.9,
    ),
    Rule("netrc", _PASSWORD, r"\blogin\s{1,4}\S{1,64}\s{1,4}password\s{1,4}(?P<v>\S{1,128})", 0.9, password_value),
    Rule(
        "password-file",
        _PASSWORD,
        r"^[\w.*-]{1,80}:(?:\d{2,5}|\*):[\w.*-]{1,64}:[\w.*-]{1,64}:(?P<v>\S{3,128})$",
        0.8,
    ),
    Rule(
        "proxy-login",
        _PASSWORD,
        r"\b(?:https?|all|ftp|socks)_?proxy[\"']?\s?[=:]\s?[\"']?[\w.+-]{1,64}:(?P<v>[^\s\"'/]{1,128})@(?=[\w.-])",
        0.9,
    ),
    Rule("wifi-code", _PASSWORD, r"\bWIFI:(?=[^\n]{0,200}S:)[^\n]{0,200}?P:(?P<v>(?:[^;\\\n]|\\.){1,63})", 0.95),
    Rule(
        "wifi-key",
        _PASSWORD,
        r"\b(?:psk|wpa2?(?:-psk)?[ -](?:key|passphrase)|wpa_passphrase|network key)\s?[=:]?\s?(?:\"(?P<v>[^\"\n]{4,63})\"|(?P<v>(?=\S*[\d\W])[^\s\"']{8,63}))",
        0.8,
        password_value,
    ),
)
