"""Hosts as a browser reads them: all spellings of a host have one name (WHATWG URL Standard, sections 3.5, 3.6)."""

import ipaddress
import re
from functools import cache
from urllib.parse import unquote_to_bytes

import idna
import tldextract

_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)
"""The public suffix list that comes with tldextract, and no other."""

_INSIDE = frozenset("arpa corp example home internal intranet invalid lan local localdomain onion private test".split())
"""Last labels of hosts that no public list names: special-use names (RFC 6761, 6762, 8375) and customary inner ones."""

_PORT = re.compile(r":\d*$")
_DOMAIN = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_NUMBER = re.compile(r"\d+|0[xX][0-9a-fA-F]*")
_PARTS = 4
_BYTE = 256


def host_of(authority: str) -> str | None:
    r"""Read the host of an authority (between scheme and path); ``None`` if a browser would refuse it.

    User name and port are no part of it. A host with signs that no name on the internet has is refused as well.

    >>> host_of("me@Docs.Example.org:8443"), host_of("d%6Fcs.example.org."), host_of("docs\u3002example.org")
    ('docs.example.org', 'docs.example.org', 'docs.example.org')
    >>> host_of("0x7f.1"), host_of("[::0001]:80"), host_of("b\u00fccher.example"), host_of("a b")
    ('127.0.0.1', '[::1]', 'xn--bcher-kva.example', None)
    """
    part = _PORT.sub("", authority.rpartition("@")[2])
    if part.startswith("["):
        return _version_six(part)
    try:
        host = _ascii(unquote_to_bytes(part).decode())
    except (UnicodeError, idna.IDNAError):
        return None
    host = host.removesuffix(".")
    if not _DOMAIN.fullmatch(host):
        return None
    return _version_four(host) if _NUMBER.fullmatch(host.rpartition(".")[2]) else host


def spellings(host: str) -> frozenset[str]:
    """List the names of a host in a text: host and registrable domain, in ASCII and Unicode, and the domain's label.

    A label in Punycode is also read by its letters: ``xn--zebra.test`` is ``zebra.test`` too. A last label that no list
    knows is a name of its own: ``www.zebra`` is ``zebra``.

    >>> sorted(spellings("docs.zebra.co.uk"))
    ['docs.zebra.co.uk', 'zebra', 'zebra.co.uk']
    """
    if host.startswith("[") or host.rpartition(".")[2].isdigit():
        return frozenset({host.strip("[]")})
    labels = host.split(".")
    suffix = _SUFFIXES(host).suffix
    own = len(labels) - (len(suffix.split(".")) if suffix else int(len(labels) > 1))
    forms = {host, labels[max(own - 1, 0)], ".".join(labels[max(own - 1, 0) :])}
    if not suffix and not is_last_label(labels[-1]):
        forms.add(labels[-1])
    return frozenset(forms | {show_unicode(form) for form in forms} | {form.replace("xn--", "") for form in forms})


@cache
def is_last_label(label: str) -> bool:
    """Return whether ``label`` ends names of hosts, on the internet or inside a company."""
    return label in _INSIDE or label in _top_level()


@cache
def _top_level() -> frozenset[str]:
    return frozenset(suffix.rpartition(".")[2] for suffix in _SUFFIXES.tlds)


def _ascii(host: str) -> str:
    """Convert the host to lower case, its labels in Punycode where they are not ASCII (UTS 46, as browsers do)."""
    mapped = host.lower() if host.isascii() else idna.uts46_remap(host, std3_rules=False, transitional=False)
    return mapped if mapped.isascii() else idna.encode(mapped).decode()


def show_unicode(host: str) -> str:
    """Return a host with its Punycode labels in letters, unchanged where it has none or they cannot be read."""
    try:
        return idna.decode(host) if "xn--" in host else host
    except idna.IDNAError:
        return host


def _version_six(part: str) -> str | None:
    try:
        return f"[{ipaddress.IPv6Address(part[1:-1])}]" if part.endswith("]") else None
    except ValueError:
        return None


def _version_four(host: str) -> str | None:
    """Normalise an address of up to four numbers, the last of which fills the rest.

    >>> _version_four("0300.0xa8.1"), _version_four("3232235521"), _version_four("1.2.3.4.5"), _version_four("256.1")
    ('192.168.0.1', '192.168.0.1', None, None)
    """
    parts = host.split(".")
    numbers = [_number(part) for part in parts]
    if len(parts) > _PARTS or any(number is None for number in numbers):
        return None
    *firsts, last = [number for number in numbers if number is not None]
    if any(number >= _BYTE for number in firsts) or last >= _BYTE ** (_PARTS - len(firsts)):
        return None
    value = last + sum(number * _BYTE ** (_PARTS - 1 - at) for at, number in enumerate(firsts))
    return str(ipaddress.IPv4Address(value))


def _number(part: str) -> int | None:
    try:
        if part[:2] in ("0x", "0X"):
            return int(part[2:] or "0", 16)
        return int(part, 8 if part[0] == "0" and len(part) > 1 else 10)
    except ValueError:
        return None
