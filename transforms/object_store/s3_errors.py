"""Errors of S3: what a server answered, and what to do, without the text of the answer."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ProxyConnectionError,
    SSLError,
)

_CREDENTIALS = "renew the credentials (aws sso login, a role of the machine, or a new access key)"
_REGION = "the bucket lies in another region: set AWS_REGION to its region"
_CODES = {
    "NoSuchBucket": "make the bucket, or correct its name",
    "AccessDenied": "grant s3:ListBucket, and s3:GetObject, s3:PutObject and s3:DeleteObject on the objects",
    "InvalidAccessKeyId": _CREDENTIALS,
    "SignatureDoesNotMatch": _CREDENTIALS,
    "ExpiredToken": _CREDENTIALS,
    "InvalidToken": _CREDENTIALS,
    "PermanentRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "IllegalLocationConstraintException": _REGION,
    "RequestTimeTooSkewed": "set the clock of this machine",
    "NotImplemented": "use a server that has conditional writes",
    "PreconditionFailed": "the object was replaced while it was read: stop other runs",
    "BadDigest": "the network changed what was sent: fix it",
}
_STATUSES = {301: "PermanentRedirect", 403: "AccessDenied", 412: "PreconditionFailed", 501: "NotImplemented"}
"""Codes of answers without a body, as to HEAD."""
_UNREACHED: tuple[tuple[type[BotoCoreError], str], ...] = (
    (SSLError, "fix the certificate of the server, or name its authority with AWS_CA_BUNDLE"),
    (NoCredentialsError, _CREDENTIALS),
    (ProxyConnectionError, "fix the proxy that HTTPS_PROXY names"),
    (EndpointConnectionError, "fix the network, or the address in KEYVEIL_S3_ENDPOINT"),
)


def status_of(error: ClientError) -> int:
    """Return the HTTP status of an answer."""
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])


def describe_failure(error: ClientError | BotoCoreError) -> str:
    """Describe what failed and what to do; a code that is not known is left out, as it is the server's own text."""
    if isinstance(error, ClientError):
        code = str(error.response["Error"].get("Code"))
        known = code if code in _CODES else _STATUSES.get(status_of(error), "")
        said = " ".join(filter(None, (str(status_of(error)), known)))
        return f"the bucket answered {said}; {_CODES.get(known, 'fix the access')}"
    remedy = next((words for kind, words in _UNREACHED if isinstance(error, kind)), "fix the network")
    return f"the bucket could not be reached ({type(error).__name__}); {remedy}"
