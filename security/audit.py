"""The audit trail as values: who did what to what, from where, with what result, each row sealed to the one before it."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from security.principal import Principal
from security.secret_files import random_hex, read_or_make
from vocabulary.clock import to_text
from vocabulary.message import Actor

Result = Literal["done", "refused", "failed"]
Scheme = Literal["hmac-sha256", "hmac-sm3"]
FIRST: Final = "0" * 64  # what the first row is sealed to


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act. `action` is `room.verb`, `object` names what it was done to; before and after hold no secrets."""

    at: datetime
    actor: Actor
    action: str
    object: str
    result: Result = "done"
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    ip: str = ""
    session: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class AuditKey:
    """The secret that seals the chain, and its scheme; it lives outside the database."""

    secret: bytes = field(repr=False)
    scheme: Scheme = "hmac-sha256"

    def seal(self, content: bytes) -> str:
        """Return the keyed hash of `content` (hex)."""
        if self.scheme == "hmac-sm3":
            keyed = HMAC(self.secret, hashes.SM3())
            keyed.update(content)
            return keyed.finalize().hex()
        return hmac.new(self.secret, content, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain, to be kept outside the database: only it can show that the newest rows were cut off."""

    seq: int
    hash: str


def open_audit_key(file: Path, scheme: Scheme = "hmac-sha256") -> AuditKey:
    """Return the chain's key from its file, made on the first start."""
    return AuditKey(bytes.fromhex(read_or_make(file, random_hex)), scheme)


def entry_of(
    principal: Principal,
    action: str,
    object_: str,
    at: datetime,
    *,
    result: Result = "done",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Return the entry for what `principal` did (ask `security.principal.current()` before leaving its context)."""
    return AuditEntry(
        at=at,
        actor=principal.actor,
        action=action,
        object=object_,
        result=result,
        before=before,
        after=after,
        ip=principal.ip,
        session=principal.session,
        request_id=principal.request_id,
    )


def row_of(entry: AuditEntry, seq: int) -> dict[str, Any]:
    """Return an entry as its row's plain values, in the form in which it is sealed and kept."""
    return {
        "seq": seq,
        "at": to_micros(entry.at),
        "actor_id": entry.actor.id,
        "actor_name": entry.actor.name,
        "actor_kind": entry.actor.kind,
        "actor_roles": ",".join(sorted(entry.actor.roles)),
        "ip": entry.ip,
        "session": entry.session,
        "action": entry.action,
        "object": entry.object,
        "result": entry.result,
        "before": _json(entry.before),
        "after": _json(entry.after),
        "request_id": entry.request_id,
    }


def seal_row(key: AuditKey, row: Mapping[str, Any], previous: str) -> str:
    """Return the seal of a row: its values by name, the row before it, and the scheme."""
    sealed = {**row, "prev_hash": previous, "scheme": key.scheme}
    return key.seal(orjson.dumps(sealed, option=orjson.OPT_SORT_KEYS))


def to_micros(at: datetime) -> str:
    """Return an instant as text to the microsecond, which both stores give back as it was."""
    return f"{to_text(at)[:-1]}{at.microsecond % 1000:03d}Z"


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
