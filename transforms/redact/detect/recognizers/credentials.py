# ruff: noqa: E501, RUF001 - patterns are tables: one alternative list a line, in the letters of many languages
"""Passwords, tokens and one-time codes after a cue, in assignments, headers, commands and addresses."""

from schemas.entities import EntityType
from transforms.redact.detect.recognizers.randomness import (
    encoded_value,
    flag_value,
    key_value,
    mixed_password_value,
    password_value,
    scrambled_value,
    secret_value,
    stands_out_as_password,
)
from transforms.redact.detect.recognizers.rule import Rule

_SECRET, _PASSWORD, _CODE = EntityType.SECRET, EntityType.PASSWORD, EntityType.ONE_TIME_CODE

_SAID = (
    r"(?:pass(?:[ -]?(?:word|wd|code|phrase|wort|wrod|kode))|pwd|pswd|psw|passw|pw|kennwort|mot de passe|mdp|contrase(?:ñ|n)a"
    r"|senha|wachtwoord|has(?:ł|l)o|l(?:ö|o)senord|adgangskode|kodeord|passord|salasana|jelsz(?:ó|o)|heslo|parol[ae]?"
    r"|(?:ş|s)ifre|пароль|密码|パスワード|비밀번호)"
)
_FILLER = r"(?:\s+(?:for|to|of|on|in|the|your|my|our|his|her|new|old|temporary|temp|initial|account|wifi|wi-fi|vpn|login|server|email|admin|root|guest|user|staging|prod|laptop))*"
_IS = r"(?:\s*(?::|=|->|→|–|-)\s*|\s+(?:is|was|are|now|will be|should be|to be|has been (?:changed|set|reset) to|(?:changed|set|reset) to|ist|lautet|est|es|este|jest|je|è|é|er|är|on|to|=|:)\s+){1,3}"
_NAMED_KEY = (
    r"(?:api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|account[_-]?key|shared[_-]?key|secret|token|private[_-]?key|auth[_-]?key"
    r"|encryption[_-]?key|signing[_-]?key|master[_-]?key|license[_-]?key|sharedaccess(?:key|signature)|client[_-]?id|credential"
    r"|conn(?:ection)?[_-]?str(?:ing)?|webhook|dsn|session[_-]?id|[a-z0-9]_key|[a-z0-9]_pat|_auth|x-[a-z-]{2,20}-key|authorization)"
)
_NAMED_LOGIN = r"(?:passw(?:or)?d|passwd|passphrase|pwd|_pass|_pw|passwort|kennwort)"
_ASSIGNED = r"[\w.-]{0,24}[\"'\]]{0,2}\s{0,3}(?::=|=>|==?|:)\s{0,3}"
_QUOTED = r"(?P<v>(?<=\")[^\"\n]{4,500}(?=\")|(?<=')[^'\n]{4,500}(?=')|[^\s\"'`,;<>&]{4,500})"

_PARAMETER = r"(?:access_token|id_token|refresh_token|auth(?:_?token)?|token|sig(?:nature)?|api_?key|apikey|secret|client_secret|password|passwd|pwd|pass|otp|jwt|session(?:_?id)?|sid|ticket)"

RULES = (
    Rule("secret-assignment", _SECRET, rf"{_NAMED_KEY}{_ASSIGNED}[\"']?{_QUOTED}", 0.6, secret_value),
    Rule("password-assignment", _PASSWORD, rf"{_NAMED_LOGIN}{_ASSIGNED}[\"']?{_QUOTED}", 0.75, password_value),
    Rule(
        "authorization-header",
        _SECRET,
        r"\bauthorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:[a-z-]{4,10}\s+)?(?P<v>[\w.~+/=:-]{8,2000})",
        0.9,
    ),
    Rule(
        "bearer",
        _SECRET,
        r"\b(?:bearer|basic|apikey)\s+(?P<v>(?=[\w.~+/-]*\d)[\w.~+/-]{12,2000}={0,2})",
        0.8,
        key_value,
    ),
    Rule("cookie-header", _SECRET, r"\b(?:set-)?cookie[\"']?:\s{0,3}[\"']?(?P<v>[\w.-]{1,80}=[^\n\"']{4,4000})", 0.9),
    Rule(
        "session-value",
        _SECRET,
        r"\b(?:[a-z]{0,10}sess(?:ion)?[_-]?(?:id|token)?|sid|csrf[_-]?token|xsrf[_-]?token|jsessionid|auth[_-]?cookie)=(?![a-z_.]{1,80}\()(?P<v>[\w%.+/=-]{8,})",
        0.8,
    ),
    Rule(
        "key-after-cue",
        _SECRET,
        r"\b(?:api[ _-]?keys?|access keys?|secret(?: access)? keys?|license keys?|private keys?|secrets?|tokens?|credentials?|pat|clé|schlüssel|clave)\b"
        r"[^\n:=]{0,40}?(?:[:=]|\bis\b|\bwas\b|\s)\s{0,3}[\"'`(]?(?P<v>(?=[\w+/=.~-]*\d)[\w+/=.~-]{12,500})",
        0.5,
        secret_value,
    ),
    Rule(
        "generated-key",
        _SECRET,
        r"(?<![\w/+#])[A-Za-z0-9_+~-]{16,2000}={0,2}",
        0.55,
        key_value,
        unless=r"sha-?\d{0,3}|md5|commit|checksum|digest|hash|e-?tag|rev(?:ision)?|blob|tree|fingerprint|thumbprint|uuid|guid"
        r"|(?:[\w.]{0,12}trace|span|request|correlation|parent)[_-]?(?:id|parent)|traceparent|integrity|sha\d{1,3}-",
    ),
    Rule(
        "encoded-key",
        _SECRET,
        r"(?<![\w/+.=:-])(?=[A-Za-z0-9]*[/+])[A-Za-z0-9/+]{32,512}={0,2}(?![\w/+])",
        0.55,
        encoded_value,
    ),
    Rule(
        "password-in-cjk",
        _PASSWORD,
        r"(?:パスワード|密码|密碼|비밀번호)\s{0,2}(?:[:：=]|は|が|是|为|為|는|은)\s{0,2}(?P<v>[!-~]{4,64})",
        0.8,
        password_value,
    ),
    Rule(
        "password-is",
        _PASSWORD,
        rf"(?<![\w]){_SAID}{_FILLER}{_IS}[\"'«“`(]?(?P<v>[^\s\"'»”`]{{3,128}})(?=[\"'»”`).,;!]*\s*$)",
        0.7,
        password_value,
    ),
    Rule(
        "password-is-mixed",
        _PASSWORD,
        rf"(?<![\w]){_SAID}{_FILLER}{_IS}[\"'«“`(]?(?P<v>[^\s\"'»”`]{{3,128}})",
        0.8,
        mixed_password_value,
    ),
    Rule(
        "password-then-value",
        _PASSWORD,
        rf"(?<![\w]){_SAID}[ \t]+[\"'«“`(]?(?P<v>(?=\S*\d)[^\s/]{{5,128}})",
        0.6,
        mixed_password_value,
    ),
    Rule(
        "password-changed-to",
        _PASSWORD,
        r"\b(?:changed|set|reset|updated|rotated)\s+(?:it\s+)?(?:back\s+)?to:?\s+[\"'`]?(?P<v>(?=\S*\d)[^\s\"'`]{6,64})",
        0.6,
        lambda value: mixed_password_value(value) if scrambled_value(value) is None else stands_out_as_password(value),
    ),
    Rule(
        "login-pair",
        _PASSWORD,
        r"\b(?:log-?in|logon|credentials?|creds|account|sign-?in|zugang(?:sdaten)?|anmeldung|identifiants?|acces{1,2}o|accès)\b"
        r"[^\n/|]{0,30}?(?:\b(?:is|are|ist|es|est)|[:=])?[ \t]+[^\s/|]{2,64}(?:[ \t]{1,2}[/|][ \t]{1,2}|(?<=(?:is|are|[:=]) [^\s/|]{2,64})[/|])(?P<v>[^\s/|]{4,64})",
        0.7,
        mixed_password_value,
    ),
    Rule(
        "login-and-password",
        _PASSWORD,
        rf"\b(?:user(?:name)?|log-?in|account|benutzer(?:name)?|usuario|utilisateur|identifiant|utente|gebruiker)\s?[/&+]\s?{_SAID}"
        r"\s{0,2}[:=]\s{0,3}[^\s/|]{1,64}\s{0,2}[/|]\s{0,2}(?P<v>[^\s|]{3,64})",
        0.85,
        password_value,
    ),
    Rule(
        "user-and-password",
        _PASSWORD,
        rf"\b(?:user(?:name)?|login|benutzer|usuario|utilisateur)[:=]?\s{{1,3}}\S{{2,64}}[ ,;/]{{1,3}}(?:and |und |y |et )?{_SAID}(?!\w)[:=]?\s{{0,3}}(?P<v>(?![\"'{{:=])\S{{4,64}})",
        0.8,
        password_value,
    ),
    Rule(
        "command-line-secret",
        _PASSWORD,
        r"(?:^|\s)--?(?:password|passwd|pass|pwd|token|secret|api-?key|access-?token|auth-?token|client-?secret|requirepass)(?:\s+|=)[\"']?(?P<v>[^\s\"'-][^\s\"']{3,500})",
        0.9,
        password_value,
    ),
    Rule(
        "client-password-flag",
        _PASSWORD,
        r"\b(?:mysql\w*|mariadb\w*|sshpass|docker|podman|mongo\w*|redis-cli|ldap\w+|smbclient|sqlcmd|net use|curl|wget|7z|zip|plink|pscp)\b[^\n|]{0,160}?\s(?:-p|-a|-w|-P)\s?[\"']?(?P<v>[^\s\"'-][^\s\"']{4,128})",
        0.7,
        flag_value,
    ),
    Rule("user-colon-password", _PASSWORD, r"\s(?:-u|--user)[ =][\"']?[\w.@+-]{1,64}:(?P<v>[^\s\"']{3,128})", 0.9),
    Rule(
        "net-use",
        _PASSWORD,
        r"/user:\S{2,64}\s+(?P<v>[^\s/]\S{3,64})|\bnet use\s+\S+\s+\S+\s+(?P<v>[^\s/]\S{3,64})\s+/user:",
        0.8,
    ),
    Rule(
        "identified-by",
        _PASSWORD,
        r"\b(?:identified by|with password|requirepass|encrypted password)\s+['\"]?(?P<v>[^\s'\";]{4,128})",
        0.85,
        password_value,
    ),
    Rule(
        "shell-expect",
        _PASSWORD,
        r"\becho\s+['\"]?(?P<v>[^\s'\"|]{4,128})['\"]?\s*\|\s*(?:sudo|passwd|su|docker login|openssl)",
        0.85,
    ),
    Rule(
        "bare-password",
        _PASSWORD,
        r"(?<![^\s\"'“(\[])(?P<v>[A-Za-z0-9][A-Za-z0-9!#$%^&*?+~@_-]{6,38}[A-Za-z0-9!#$%^&*?+~@_=-])(?![^\s\"'”)\],.;])",
        0.45,
        stands_out_as_password,
        gate=r"\d[A-Za-z0-9!#$%^&*?+~@_-]{0,36}\d",
    ),
    Rule(
        "scrambled-word-after-cue",
        _PASSWORD,
        r"(?<![\w/.:-])(?P<v>[A-Za-z0-9]{8,15})(?![\w/:-])",
        0.1,
        scrambled_value,
        cues=r"password|passcode|login|log in|credentials?|creds|pwd|access|signed? in|account|wifi|wi-fi|kennwort|passwort|mot de passe|contraseña",
        gate=r"[A-Za-z]\d|\d[A-Za-z]",
    ),
    Rule(
        "uri-credentials",
        _SECRET,
        r"\b[a-z][a-z0-9+.-]{1,20}://(?P<v>[^\s/:@\"'<>]{0,120}:[^\s/@\"'<>]{1,200}@[\w.-]{0,80})",
        0.95,
    ),
    Rule(
        "url-secret",
        EntityType.URL,
        r"\b[a-z][a-z0-9+.-]{1,15}://[^\s<>\"'`]{3,2000}[?&#;](?:access_token|id_token|refresh_token|auth(?:_?token)?|token|sig(?:nature)?|x-(?:amz|goog)-(?:signature|credential|security-token)|api_?key|apikey|key|k|secret|client_secret|password|passwd|pwd|pass|passcode|code|otp|jwt|session(?:_?id)?|sid|ticket|invite|magic|reset|nonce|state|hash|share|p)=[^\s<>\"'`]*(?=[^\s<>\"'`&]*\d)[^\s<>\"'`&]{6}[^\s<>\"'`]*",
        0.8,
    ),
    Rule(
        "url-parameter",
        _SECRET,
        rf"[?&#]{_PARAMETER}=(?P<v>[^&#\s\"'<>]{{4,4000}})|;{_PARAMETER}=(?P<v>(?!\{{)[^&#;\s\"'<>]{{4,4000}})",
        0.85,
    ),
    Rule(
        "one-time-code",
        _CODE,
        r"\b(?:otp|one[- ]?time (?:pass(?:word|code)?|code|pin)|(?:verification|verify|security|confirmation|login|log-in|sign-?in|auth(?:entication|orization)?|access|2fa|mfa|sms|recovery|backup|activation|reset)[- ]code|2fa|mfa|passcode|bestätigungscode|sicherheitscode|einmalpasswort|code de (?:vérification|sécurité)|código(?: de (?:verificación|seguridad|acesso))?|codice(?: di verifica)?|verificatiecode|engangskode|engångskod|kod weryfikacyjny|tan|meeting passcode)\b[^\n\d]{0,24}?(?P<v>(?:[A-Z]{1,3}-)?\d{3}[ -]?\d{3}|\d{4,8})\b",
        0.85,
    ),
    Rule(
        "code-is",
        _CODE,
        r"\b(?:your|the|my|this|ihr|dein|votre|tu|su)\s(?:(?!zip|post|area|country|error|promo|discount|voucher|coupon|source|status|exit)[\w-]{2,20}\s){0,2}(?:code|pin)\s?(?:is|:|=|ist|est|es|was)\s{0,2}(?P<v>\d{3}[ -]?\d{3}|\d{4,8})\b",
        0.85,
    ),
    Rule(
        "is-your-code",
        _CODE,
        r"(?<![\d.,/-])(?P<v>(?:G-)?\d{3}[ -]?\d{3}|\d{4,8})\s+(?:is|ist|est|es)\s+(?:your|ihr|dein|votre|tu|su|the)\s(?:[\w-]{1,20}\s){0,3}(?:code|pin|otp|passcode|password)\b",
        0.9,
    ),
    Rule("pin", _CODE, r"\bpin(?:[- ]?(?:code|number|no\.?))?\s?(?:is|:|=|was|ist)\s{0,2}(?P<v>\d{4,8})\b", 0.85),
)
