"""A file that somebody brought, as it came."""

from dataclasses import dataclass

from vocabulary.errors import Refused

ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file as it came: what it is called, its form (csv, yaml, xlsx) and its bytes."""

    name: str
    form: str
    content: bytes

    def text(self) -> str:
        """Return the file as text: UTF-8, or what Chinese office programs write; anything else is refused."""
        for encoding in ENCODINGS:
            try:
                return self.content.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise Refused("intake.no_text", value=self.name, known=", ".join(ENCODINGS))
