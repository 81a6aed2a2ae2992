"""API keys of other systems: `onk_<id>_<secret>`, of which only the hash is kept."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from security.sessions import hash_of
from vocabulary.ids import id_at

FORM: Final = re.compile(r"onk_([0-9A-HJKMNP-TV-Z]{26})_([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is kept. `department` binds it as an account is bound."""

    id: str
    name: str
    roles: frozenset[str]
    department: str | None
    secret_hash: str
    created_at: datetime
    created_by: str
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def opens(self, text: str) -> bool:
        """Say whether `text` is this key and it still holds; the time taken does not depend on the secret."""
        parts = read_key(text)
        right = parts is not None and hmac.compare_digest(hash_of(parts[1]), self.secret_hash)
        return right and self.revoked_at is None


def mint(
    name: str, roles: frozenset[str], *, department: str | None, at: datetime, by: str
) -> tuple[str, ApiKey]:
    """Return a new key's text, shown once, and the key as it is kept. The caller has checked the roles."""
    key_id, secret = id_at(at), secrets.token_hex(32)
    key = ApiKey(
        id=key_id,
        name=name,
        roles=roles,
        department=department,
        secret_hash=hash_of(secret),
        created_at=at,
        created_by=by,
    )
    return f"onk_{key_id}_{secret}", key


def read_key(text: str) -> tuple[str, str] | None:
    """Return a key's id and secret, or None for what is no key at all."""
    found = FORM.fullmatch(text)
    return (found[1], found[2]) if found else None
