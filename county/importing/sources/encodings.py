"""In which letters a file is written: UTF-8 where it can be, GB 18030 (which holds GBK and GB 2312) where it is that."""

from typing import Final

from vocabulary.errors import Refused

UTF8: Final = "utf-8"
GB: Final = "gb18030"
# A name cut at a column's width leaves half a character; more than that is another encoding.
CUT_CHARACTERS: Final = 0.02


def decoded(data: bytes, file: str) -> tuple[str, str]:
    """Return text and its encoding; Refused when it is binary or neither UTF-8 nor GB 18030."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _strict(data, "utf-16", file), "utf-16"
    if b"\0" in data:
        raise Refused("county.not_text", file=file)
    for encoding in ("utf-8-sig", GB):
        try:
            return data.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError as problem:
            if (
                encoding != GB
                and problem.end == len(data)
                and problem.reason == "unexpected end of data"
            ):
                raise Refused("county.text_cut_off", file=file) from problem
    raise Refused("county.encoding", file=file)


def _strict(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        raise Refused("county.encoding", file=file) from problem


def of_dbf(data: bytes, declared: str | None, file: str) -> str:
    """Return the encoding of a shapefile's table: what its .cpg says if that is true, else the one that fits."""
    head = int.from_bytes(data[8:10], "little")
    letters = bytes(byte for byte in data[head:] if byte)
    wanted = [declared] if declared else []
    for encoding in (*wanted, UTF8, GB):
        if _fits(letters, encoding):
            return encoding
    raise Refused("county.encoding", file=file)


def _fits(letters: bytes, encoding: str) -> bool:
    foreign = sum(byte > 0x7F for byte in letters)
    if not foreign:
        return True
    try:
        text = letters.decode(encoding, errors="replace")
    except LookupError:
        return False
    return text.count("\ufffd") <= CUT_CHARACTERS * foreign
