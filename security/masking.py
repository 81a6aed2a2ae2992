"""Masking: of a phone number never more is shown than its first three and last four digits, alone or inside free text."""

import re
import unicodedata
from typing import Final

# Members of bodies and events that people wrote, so that anything may stand in them.
FREE_TEXT: Final = frozenset({"text", "note", "reason", "address", "title", "summary", "name"})
STARS: Final = "****"
MASKED: Final = re.compile(r"[0-9]{0,3}\*{4,}[0-9]{0,4}")
# Three shown in front and four behind must leave at least four hidden (10,000 guesses).
SHORTEST_SHOWN: Final = 11

_GAP: Final = (
    r"[\s.\-\u2010-\u2015\uff0d]{0,2}"  # spaces, dots, and every dash an input method makes
)
_EDGE: Final = r"(?<![\d*])", r"(?![\d*])"
_IDENTITY: Final = rf"{_EDGE[0]}(?P<identity>\d{{17}}[\dXx]){_EDGE[1]}"
_ZERO, _ONE, _86 = (
    "[0\uff10]",
    "[1\uff11]",
    "[8\uff18][6\uff16]",
)  # as an input method writes digits, too
_MOBILE: Final = rf"{_ONE}{_GAP}[3-9\uff13-\uff19](?:{_GAP}\d){{9}}"
_LANDLINE: Final = rf"[(（]?{_ZERO}\d{{2,3}}[)）]?{_GAP}\d{{3,4}}{_GAP}\d{{4}}"
_PREFIX: Final = rf"(?:(?:[+\uff0b]|{_ZERO}{{2}}){_86}{_GAP}|{_86}{_GAP}(?={_ONE}))?"
_PHONE: Final = rf"{_EDGE[0]}(?P<phone>{_PREFIX}(?:{_MOBILE}|{_LANDLINE})){_EDGE[1]}"
# Seven or eight digits are a phone only where the text says so; elsewhere they may be a meter or a case.
_LOCAL: Final = r"(?:电话|手机|联系方式|[Tt]el|[Pp]hone)[^\d*]{0,4}(?P<local>\d{7,8})(?![\d*])"
_FOUND: Final = re.compile(f"{_IDENTITY}|{_PHONE}|{_LOCAL}")


def _digits(text: str) -> str:
    # Full-width and other decimal digits count as what they are.
    return "".join(str(unicodedata.digit(sign)) for sign in text if sign.isdecimal())


def _domestic(digits: str) -> str:
    for prefix in ("0086", "86"):
        rest = digits.removeprefix(prefix)
        if rest != digits and len(rest) >= SHORTEST_SHOWN:
            return rest
    return digits


def mask_phone(phone: str) -> str:
    """Return 138****8000 for 13812348000; what is too short to hide anything is masked wholly, what is masked stays."""
    if MASKED.fullmatch(phone):
        return phone
    digits = _domestic(_digits(phone))
    if len(digits) < SHORTEST_SHOWN:
        return STARS
    return f"{digits[:3]}{STARS}{digits[-4:]}"


def domestic_digits(phone: str) -> str:
    """Return a number's digits as it is dialled within the country."""
    return _domestic(_digits(phone))


def phones_in(text: str) -> list[tuple[int, int]]:
    """Return where phone numbers stand in a text (start, end), as they would be masked."""
    spans = (
        (found.start("local" if found["local"] else "phone"), found.end())
        for found in _FOUND.finditer(text)
        if not found["identity"]
    )
    return list(spans)


def _mask_found(found: re.Match[str]) -> str:
    if identity := found["identity"]:
        return f"{_digits(identity)[:3]}{'*' * 11}{identity[-4:]}"
    if local := found["local"]:
        return found[0].removesuffix(local) + STARS
    return mask_phone(found["phone"])


def mask_text(text: str) -> str:
    """Return `text` with every phone number and 18-digit identity number in it masked; masking twice changes nothing."""
    # A star beside a number keeps it from being found again (_EDGE), so once is enough.
    return _FOUND.sub(_mask_found, text)
