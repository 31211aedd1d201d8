# ruff: noqa: E501 - patterns are tables: one alternative list a line, in the letters of many languages
"""Keys and tokens in the published form of their issuer. Sources: each provider's own documentation."""

import itertools

from schemas.entities import EntityType
from transforms.redact.detect.recognizers.rule import Rule

_SECRET = EntityType.SECRET

FORMS = {
    "aws-key-id": r"(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA|ABIA|ACCA)[A-Z0-9]{12,20}",
    "google-api-key": r"AIza[\w-]{30,45}",
    "google-oauth": r"ya29\.[\w-]{16,}|1//0[\w-]{20,}|GOCSPX-[\w-]{20,}|\d{6,14}-[a-z0-9]{28,34}\.apps\.googleusercontent\.com",
    "github": r"gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{22,255}",
    "gitlab": r"gl(?:pat|rt|dt|cbt|ptt|ft|soat|imt|agent|ffct|oas)-[\w.-]{16,}",
    "slack": r"xox[a-z](?:\.xox[a-z])?-[\w.-]{8,}|xapp-\d-[\w-]{20,}",
    "slack-webhook": r"hooks\.slack\.com/(?:services|workflows)/[\w/+-]{20,}",
    "discord": r"discord(?:app)?\.com/api/webhooks/\d{15,22}/[\w-]{30,}|[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}",
    "telegram": r"\d{8,10}:AA[\w-]{32,36}",
    "stripe": r"(?:[spr]k|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}",
    "openai": r"sk-(?:proj-|svcacct-|admin-|ant-[a-z]{3,8}\d{2}-|or-v1-|live-|test-)?[\w-]{20,}",
    "npm": r"npm_[A-Za-z0-9]{30,40}",
    "pypi": r"pypi-[\w-]{16,}",
    "sendgrid": r"SG\.[\w-]{16,}\.[\w-]{16,}",
    "twilio": r"(?:AC|SK)[0-9a-f]{32}",
    "mailgun": r"key-[0-9a-f]{32}",
    "mailchimp": r"[0-9a-f]{32}-us\d{1,2}",
    "square": r"sq0[a-z]{3}-[\w-]{20,}|EAAA[\w-]{40,}",
    "shopify": r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
    "hugging-face": r"(?:hf|api_org)_[A-Za-z]{30,40}",
    "digital-ocean": r"do[opr]_v1_[0-9a-f]{64}",
    "azure-client-secret": r"[\w~.-]{3}\d?Q~[\w~.-]{31,36}",
    "databricks": r"dapi[0-9a-h]{32}(?:-\d)?",
    "atlassian": r"ATATT3[\w=-]{40,}",
    "linear": r"lin_api_[A-Za-z0-9]{32,48}",
    "new-relic": r"NR(?:AK|II|JS|RA)-[A-Z0-9a-z-]{20,}",
    "grafana": r"gl(?:c|sa)_[A-Za-z0-9+/_]{32,}={0,2}",
    "hashicorp": r"hv[sbr]\.[\w-]{20,}",
    "age-key": r"AGE-SECRET-KEY-1[0-9A-Z]{58}",
    "doppler": r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{20,}",
    "fly": r"(?:FlyV1 )?fm[12][ar]?_[\w+/=,-]{20,}",
    "asana": r"[0-2]/\d{10,20}:[0-9a-f]{32}",
    "mapbox": r"[ps]k\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "hubspot": r"pat-(?:na|eu|ap)\d-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "terraform": r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}",
    "razorpay": r"rzp_(?:live|test)_[A-Za-z0-9]{14}",
    "ssh-fingerprint": r"SHA256:[A-Za-z0-9+/]{43}",
    "facebook": r"EAA[A-Za-z0-9]{60,}",
}
"""Pattern of a key by its issuer, of letters in their case."""

RULES = (
    Rule("provider-token", _SECRET, "|".join(rf"(?-i:(?<![A-Za-z0-9])(?:{form}))" for form in FORMS.values()), 0.98),
    Rule(
        "link-with-key",
        EntityType.URL,
        rf"\b[a-z][a-z0-9+.-]{{1,15}}://[^\s<>\"'`]{{3,500}}/(?-i:(?:{'|'.join(FORMS.values())}))[^\s<>\"'`]*",
        0.98,
    ),
    Rule("storage-account-key", _SECRET, r"(?-i:AccountKey=(?P<v>[A-Za-z0-9+/=]{40,}))", 0.98),
    Rule("json-web-token", _SECRET, r"(?<![\w.])(?-i:ey[JIAK])[\w-]{8,}(?:\.[\w-]{4,}){1,4}\.?", 0.98),
    Rule("jwt-header", _SECRET, r"(?<![\w.])(?-i:eyJ[\w-]{14,})", 0.8),
    Rule(
        "prefixed-key",
        _SECRET,
        r"(?<![\w/.-])(?=[\w-]{0,40}\d)[a-z][a-z0-9]{1,11}[_-](?:[a-z0-9]{1,10}[_-]){0,3}"
        r"(?-i:(?=[A-Za-z_-]{0,30}\d)(?:(?=\w{0,30}[A-Z])\w{0,12}[a-z]|[0-9a-f]{20}|[a-z0-9]{24}))[\w-]{8,}",
        0.5,
        lambda value: None if _scrambled_tail(value) else False,
    ),
    Rule(
        "private-key-block",
        _SECRET,
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)"
        r"|PuTTY-User-Key-File-\d:[\s\S]*",
        1.0,
        document=True,
    ),
    Rule(
        "encoded-block",
        _SECRET,
        r"^[ \t>]*(?-i:M[HI]{1}[A-Z]{1}[A-Za-z0-9+/]{40,}={0,2})(?:\s+[A-Za-z0-9+/]{16,}={0,2})*",
        0.8,
        document=True,
    ),
)


def _scrambled_tail(value: str) -> bool:
    """Return whether the longest part between separators mixes digits and letters, unlike a versioned name."""
    tail = max(value.replace("-", "_").split("_"), key=len)
    changes = sum(a.isdigit() != b.isdigit() for a, b in itertools.pairwise(tail))
    return len(tail) >= 10 and changes >= 3  # noqa: PLR2004 - shorter ones are names
