"""HJ 212-2025's encryption of CP: SM4-ECB over its whole blocks, the rest left plain; and the sign-on token of its appendix H.

How the cipher's bytes are written on the wire is told in three ways by those who implemented it, and the standard's own text
was not at hand. Both known ways are read; the check, made over the plain segment, says whether the reading was right.
"""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from exchange.wires.hj212_frames import WIRE
from exchange.wires.unreadable import Unreadable

BLOCK: Final = 16
_CONTENT: Final = b"CP=&&"
_MN: Final = re.compile(rb"MN=([^;]*);")
_SEALED: Final = re.compile(rb"\{((?:0x[0-9A-Fa-f]{2},?)+)([^{}]*)\}(.*)", re.DOTALL)


def _cipher(key: bytes) -> "Cipher[modes.ECB]":
    if len(key) != BLOCK:
        raise Unreadable(
            "wires.bad_element", wire=WIRE, element="SM4 key", value=f"{len(key)} B", wanted="16 B"
        )
    # ECB is what the standard prescribes; it hides values, it does not authenticate them.
    return Cipher(algorithms.SM4(key), modes.ECB())  # noqa: S305


def seal(content: bytes, key: bytes) -> bytes:
    """Return CP's content with its whole blocks encrypted; what is left over stays as it is."""
    whole = len(content) // BLOCK * BLOCK
    encryptor = _cipher(key).encryptor()
    return encryptor.update(content[:whole]) + encryptor.finalize() + content[whole:]


def unseal(sealed: bytes, key: bytes) -> bytes:
    """Return the plain content of what `seal` made."""
    whole = len(sealed) // BLOCK * BLOCK
    decryptor = _cipher(key).decryptor()
    return decryptor.update(sealed[:whole]) + decryptor.finalize() + sealed[whole:]


def written(sealed: bytes) -> bytes:
    """Return sealed content as `{0x..,0x..}` with the plain rest after the brace: one of the two ways that are read."""
    whole = len(sealed) // BLOCK * BLOCK
    if not whole:
        return sealed
    return b"{%b}%b" % (
        ",".join(f"0x{byte:02X}" for byte in sealed[:whole]).encode(),
        sealed[whole:],
    )


def seal_segment(plain: bytes, key: bytes) -> bytes:
    """Return a segment with its content encrypted and written out."""
    head, start, rest = plain.partition(_CONTENT)
    return head + start + written(seal(rest[:-2], key)) + rest[-2:]


def opener(keys: Mapping[str, bytes]) -> Callable[[bytes], bytes]:
    """Return what opens segments for the frame finder; a sealed one without its station's key is refused with that reason."""

    def open_segment(segment: bytes) -> bytes:
        head, start, rest = segment.partition(_CONTENT)
        found = _SEALED.fullmatch(rest[:-2])
        if not start or found is None:
            return segment
        named = _MN.search(head)
        mn = named[1].decode("latin-1") if named else ""
        if mn not in keys:
            raise Unreadable(
                "wires.no_key", wire=WIRE, element="MN", value=mn, wanted="wires/hj212.toml"
            )
        cipher = bytes(int(byte, 16) for byte in found[1].rstrip(b",").split(b","))
        return head + start + unseal(cipher, keys[mn]) + found[2] + found[3] + rest[-2:]

    return open_segment


def token(text: str, key: bytes) -> str:
    """Return the sign-on token of appendix H.1.2: SM4-ECB with PKCS#7 padding, in base 64."""
    padder = PKCS7(BLOCK * 8).padder()
    encryptor = _cipher(key).encryptor()
    padded = padder.update(text.encode()) + padder.finalize()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode("ascii")
