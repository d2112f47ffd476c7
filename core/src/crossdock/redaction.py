"""What must never be shown: which keys hold secrets or personal data, and how they are masked. Pure.

Keys are judged by their words (`Ship-to_Phone No.` has the words ship, to, phone, no), so the same rule serves JSON,
XML and log events. It would rather hide an item's name than show a buyer's.
"""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from xml.sax.saxutils import escape, unescape

import msgspec

__all__ = [
    "MASK",
    "forget_secrets",
    "hide_secrets",
    "is_private",
    "redact",
    "redact_json",
    "redact_xml",
    "register_secret",
]

MASK = "[redacted]"

_PRIVATE = re.compile(
    r"""
    \b(authorization|cookie|credentials?|jwt|otp|passphrase|passwd|password|pwd|secrets?|sign|signature|tokens?)\b
    | \b(apikey|key)$
    | \b(address|addresses|birthday|city|cpf|district|email|fax|latitude|longitude|mail|mobile|passport|phones?)\b
    | \b(postal|postcode|street|surname|tel|telephone|username|zip|zipcode)\b
    | \b(bill|billing|buyer|cardholder|consignee|contact|customer|family|first|full|given|last|middle|person)\b.*\bname$
    | \b(receiver|recipient|sell|sender|ship|shipping|to|user)\b.*\bname$
    | ^(buyer|code|consignee|message\ to\ seller|name|notes?|receiver|recipient|remarks?)$
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FEWEST_CHARACTERS = 4  # masking every "ab" would make the rest unreadable and hide nothing
_MOST_SECRETS = 1_000  # tokens rotate; the oldest have long expired

_secrets: dict[str, None] = {}  # the oldest first
_longest_first: list[str] = []


@lru_cache(maxsize=4096)
def is_private(key: str) -> bool:
    """Whether values under `key` are secret or personal, judged by its words."""
    return _PRIVATE.search(" ".join(_WORD.findall(key)).lower()) is not None


def register_secret(value: str) -> None:
    """Mask this exact value wherever it turns up from now on; call it before the value is first used.

    Args:
        value: a token, key or password; fewer than four characters are refused.

    Raises:
        ValueError: the value is too short to be a secret.
    """
    if len(value) < _FEWEST_CHARACTERS:
        raise ValueError(f"A secret needs at least {_FEWEST_CHARACTERS} characters; this one has {len(value)}.")
    _secrets.pop(value, None)
    _secrets[value] = None
    while len(_secrets) > _MOST_SECRETS:
        del _secrets[next(iter(_secrets))]
    _longest_first[:] = sorted(_secrets, key=len, reverse=True)


def forget_secrets() -> None:
    """Forget every registered value; for tests."""
    _secrets.clear()
    _longest_first.clear()


def hide_secrets(text: str) -> str:
    """Return `text` with every registered secret masked."""
    for secret in _longest_first:
        if secret in text:
            text = text.replace(secret, MASK)
    return text


def redact(value: object, *, private: bool = False) -> object:
    """Return a copy of decoded JSON or of a log event in which private values are masked.

    Args:
        value: mappings and sequences are walked; their shape, empty values, booleans and None stay, to debug with.
        private: whether the value stands under a private key, which makes everything below it private.
    """
    if isinstance(value, Mapping):
        return {key: redact(item, private=private or is_private(str(key))) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item, private=private) for item in value]
    if private and value not in ("", None) and not isinstance(value, bool):
        return MASK
    if isinstance(value, bytes | bytearray):
        return f"[{len(value)} bytes]"
    return _redact_text(value) if isinstance(value, str) else value


def _redact_text(text: str) -> str:
    """A text that holds a document, as some systems wrap one in another, is masked like that document."""
    if text[:1] in ("{", "["):
        try:
            decoded = json.loads(text, parse_float=Decimal)
        except (ValueError, RecursionError):
            return hide_secrets(text)
        return hide_secrets(_encoded(redact(decoded)).decode())
    if text[:1] == "<" and text.rstrip()[-1:] == ">":
        return hide_secrets("".join(_mask_xml(_XML_TOKEN.findall(text))))
    return hide_secrets(text)


def redact_json(body: bytes) -> bytes:
    """Return a JSON body with private values masked and every other number as it was written.

    A body that is not JSON is replaced by its size, since nothing is known of what it holds.
    """
    try:
        decoded = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return _unreadable(body)
    return _encoded(redact(decoded))


def redact_xml(body: bytes) -> bytes:
    """Return an XML body with private elements and attributes masked and everything else as it was.

    It reads tags and not documents, so that an answer that was cut off can still be looked at.
    """
    text = body.decode("utf-8", errors="replace")
    if not text.lstrip("\ufeff \r\n\t").startswith("<"):
        return _unreadable(body)
    return hide_secrets("".join(_mask_xml(_XML_TOKEN.findall(text)))).encode()


def _encoded(value: object) -> bytes:
    """Half of a surrogate pair, which JSON can name and UTF-8 cannot say, becomes a question mark."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return _ENCODER.encode(_sayable(value))


def _sayable(value: object) -> object:
    if isinstance(value, Mapping):
        return {_sayable(key): _sayable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_sayable(item) for item in value]
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


_ENCODER = msgspec.json.Encoder(decimal_format="number")
_XML_TOKEN = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|$)|<!--.*?(?:-->|$)|<[^>]*(?:>|$)|[^<]+", re.DOTALL)
_XML_ATTRIBUTE = re.compile(r"""([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')""")


def _mask_xml(tokens: Iterable[str]) -> Iterable[str]:
    """Walk the tags, keeping the depth below the outermost private element."""
    depth = 0
    for token in tokens:
        if not token.startswith("<") or token.startswith("<![CDATA["):
            yield MASK if depth and token.strip() else _mask_inner(token)
        elif token.startswith("<!--"):
            yield "<!-- [redacted] -->"  # whatever was commented out was not meant to be read
        elif token.startswith(("<?", "<!")):
            yield token
        elif token.startswith("</"):
            depth = max(0, depth - 1)
            yield token
        else:
            if not token.endswith("/>"):
                depth += 1 if depth or is_private(_local_name(token)) else 0
            yield _XML_ATTRIBUTE.sub(_mask_attribute, token)


def _mask_inner(text: str) -> str:
    """What stands between tags may be a document of its own: escaped, or in CDATA."""
    if text.startswith("<![CDATA["):
        inner = text.removeprefix("<![CDATA[").removesuffix("]]>")
        return text if inner.lstrip()[:1] not in ("{", "[", "<") else f"<![CDATA[{_redact_text(inner.strip())}]]>"
    inner = unescape(text).strip()
    return text if inner[:1] not in ("{", "[", "<") else escape(_redact_text(inner))


def _local_name(tag: str) -> str:
    """`<soap:Phone a="1">` → `Phone`."""
    found = re.match(r"<([^\s/>]+)", tag)
    return found[1].rpartition(":")[2] if found else ""


def _mask_attribute(found: re.Match[str]) -> str:
    name, equals, quoted = found.groups()
    return f'{name}{equals}"{MASK}"' if is_private(name.rpartition(":")[2]) and len(quoted) > 2 else found[0]


def _unreadable(body: bytes) -> bytes:
    return f"[unreadable, {len(body)} bytes]".encode()
