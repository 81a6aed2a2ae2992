"""Sealing: personal fields are kept under SM4-GCM (AES-256-GCM where the build has no SM4), the key outside the database."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from security.secret_files import read_or_make
from vocabulary.errors import Unavailable

NONCE: Final = 12
TAG: Final = 16
KEY_BYTES: Final = {"sm4-gcm": 16, "aes-256-gcm": 32}


@dataclass(frozen=True, slots=True)
class SealingKey:
    """One key and its cipher; `id` stands beside everything it sealed."""

    id: str
    scheme: str
    secret: bytes = field(repr=False)

    def cipher(self, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
        """Return the cipher for one message."""
        block = algorithms.SM4 if self.scheme == "sm4-gcm" else algorithms.AES
        return Cipher(block(self.secret), modes.GCM(nonce, tag))


@dataclass(frozen=True, slots=True)
class Keyring:
    """Every key that ever sealed something; the last one seals what is new (rotation: append a line to the file)."""

    keys: tuple[SealingKey, ...]

    def seal(self, fields: Mapping[str, str], about: str) -> tuple[str, bytes]:
        """Return the key's id and the sealed fields, bound to what they are `about` so that rows cannot be exchanged."""
        key, nonce = self.keys[-1], secrets.token_bytes(NONCE)
        cipher = key.cipher(nonce).encryptor()
        cipher.authenticate_additional_data(about.encode())
        sealed = cipher.update(orjson.dumps(dict(fields))) + cipher.finalize()
        return key.id, nonce + cipher.tag + sealed

    def digest(self, text: str) -> str:
        """Return a keyed hash by which equal texts are found again and none can be guessed; the first key's, for good."""
        return hmac.new(self.keys[0].secret, text.encode(), hashlib.sha256).hexdigest()

    def unseal(self, key_id: str, sealed: bytes, about: str) -> dict[str, str]:
        """Return the fields; raises Unavailable where the key is missing or the bytes are not what was sealed."""
        key = next((key for key in self.keys if key.id == key_id), None)
        if key is None:
            raise Unavailable("security.sealing_key_missing", key=key_id)
        nonce, tag, body = sealed[:NONCE], sealed[NONCE : NONCE + TAG], sealed[NONCE + TAG :]
        try:
            cipher = key.cipher(nonce, tag).decryptor()
            cipher.authenticate_additional_data(about.encode())
            fields: dict[str, str] = orjson.loads(cipher.update(body) + cipher.finalize())
        except (InvalidTag, ValueError):
            raise Unavailable("security.seal_broken", about=about) from None
        return fields


def open_keyring(file: Path) -> Keyring:
    """Return the keys in `file` (lines of `id scheme hex`), made with one new key on the first start."""
    lines = read_or_make(file, lambda: new_line(best_scheme())).splitlines()
    return Keyring(tuple(_read_line(line, file) for line in lines if line.strip()))


def new_line(scheme: str) -> str:
    """Return a line with a new key."""
    return f"{secrets.token_hex(4)} {scheme} {secrets.token_hex(KEY_BYTES[scheme])}"


def best_scheme() -> str:
    """Return sm4-gcm where this build of the library has it, else aes-256-gcm."""
    try:
        Cipher(algorithms.SM4(bytes(16)), modes.GCM(bytes(NONCE))).encryptor()
    except UnsupportedAlgorithm:
        return "aes-256-gcm"
    return "sm4-gcm"


def _read_line(line: str, file: Path) -> SealingKey:
    parts = line.split()
    if len(parts) != 3 or KEY_BYTES.get(parts[1]) != len(parts[2]) // 2:
        raise Unavailable("security.key_file_unreadable", file=str(file))
    try:
        return SealingKey(parts[0], parts[1], bytes.fromhex(parts[2]))
    except ValueError:
        raise Unavailable("security.key_file_unreadable", file=str(file)) from None
