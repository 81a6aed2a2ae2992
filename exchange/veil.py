"""What leaves through the API shows no caller: phones and names only to those who may see them."""

from typing import Any, Final

from security.masking import FREE_TEXT, STARS, mask_phone, mask_text
from security.principal import Principal

PHONES: Final = frozenset({"caller_phone", "phone"})
NAMES: Final = frozenset({"caller_name"})


def veiled(body: Any, principal: Principal) -> Any:
    """Return `body` as `principal` may see it."""
    return body if principal.may("personal.read") else masked(body)


def masked(body: Any) -> Any:
    """Return `body` as those may see it who may see no caller."""
    return _veil(body, "")


def _veil(value: Any, field: str) -> Any:
    if isinstance(value, dict):
        return {name: _veil(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_veil(item, field) for item in value]
    if not isinstance(value, str) or not value:
        return value
    if field in PHONES:
        return mask_phone(value)
    if field in NAMES:
        return value[0] + STARS
    return mask_text(value) if field in FREE_TEXT else value
