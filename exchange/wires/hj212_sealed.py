"""HJ 212-2025's encryption of CP: SM4-ECB over its whole blocks, the rest left plain; and the sign-on token of its appendix H.

Unsettled: how the cipher's bytes are written on the wire is told differently by those who implemented it, and the standard's own
text was not at hand. The form is therefore declared for each device (`FORMS`); another one is refused by name, none is guessed.
"""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from exchange.wires.hj212_frames import WIRE
from exchange.wires.unreadable import Unreadable

BLOCK: Final = 16
_CONTENT: Final = b"CP=&&"
_MN: Final = re.compile(rb"MN=([^;]*);")
Form = Literal["rest_after", "rest_inside"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
_SEALED: Final = re.compile(rb"\{((?:0x[0-9A-Fa-f]{2},?)+)([^{}]*)\}(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sealing:
    """A device's key, and where it writes the rest that fills no block: after the braces of the cipher's bytes, or within."""

    key: bytes = field(repr=False)
    form: Form


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


def written(sealed: bytes, form: Form) -> bytes:
    """Return sealed content as `{0x..,0x..}`, its plain rest where the form has it."""
    whole = len(sealed) // BLOCK * BLOCK
    if not whole:
        return sealed
    cipher = ",".join(f"0x{byte:02X}" for byte in sealed[:whole]).encode()
    rest = sealed[whole:]
    if form == "rest_after" or not rest:
        return b"{%b}%b" % (cipher, rest)
    return b"{%b,%b}" % (cipher, rest)


def seal_segment(plain: bytes, sealing: Sealing) -> bytes:
    """Return a segment with its content encrypted and written out."""
    head, start, rest = plain.partition(_CONTENT)
    return head + start + written(seal(rest[:-2], sealing.key), sealing.form) + rest[-2:]


def opener(sealings: Mapping[str, Sealing]) -> Callable[[bytes], bytes]:
    """Return what opens segments for the frame finder; one without its station's key, or in another form, is refused as that."""

    def open_segment(segment: bytes) -> bytes:
        head, start, rest = segment.partition(_CONTENT)
        found = _SEALED.fullmatch(rest[:-2])
        if not start or found is None:
            return segment
        named = _MN.search(head)
        mn = named[1].decode("latin-1") if named else ""
        if mn not in sealings:
            raise Unreadable(
                "wires.no_key", wire=WIRE, element="MN", value=mn, wanted="wires/hj212.toml"
            )
        sealing, inside, after = sealings[mn], found[2], found[3]
        came: Form = "rest_inside" if inside else "rest_after"
        if (inside or after) and (came != sealing.form or (inside and after)):
            raise Unreadable(
                "wires.bad_element", wire=WIRE, element="sm4_form", value=came, wanted=sealing.form
            )
        cipher = bytes(int(byte, 16) for byte in found[1].rstrip(b",").split(b","))
        if len(cipher) % BLOCK:
            raise Unreadable(
                "wires.bad_element", wire=WIRE, element="CP", value=f"{len(cipher)} B", wanted="n × 16 B",
            )  # fmt: skip
        return head + start + unseal(cipher, sealing.key) + inside + after + rest[-2:]

    return open_segment


def token(text: str, key: bytes) -> str:
    """Return the sign-on token of appendix H.1.2: SM4-ECB with PKCS#7 padding, in base 64."""
    padder = PKCS7(BLOCK * 8).padder()
    encryptor = _cipher(key).encryptor()
    padded = padder.update(text.encode()) + padder.finalize()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode("ascii")
