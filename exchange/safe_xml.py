"""XML from outside as plain elements: no document type, so no entity can expand; bounded in size, depth and number."""

from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from exchange.routes import XML_MOST
from vocabulary.errors import Refused

MOST_ELEMENTS: Final = 20_000
DEEPEST: Final = 20
BETWEEN: Final = " "


@dataclass(slots=True)
class Element:
    """An element: its namespace (empty where it has none), its name, its own text, its children."""

    space: str
    name: str
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def first(self, name: str) -> "Element | None":
        """Return the first child of a name."""
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> list["Element"]:
        """Return every child of a name, in order."""
        return [child for child in self.children if child.name == name]

    def said(self, name: str) -> str:
        """Return the text of the first child of a name, empty where there is none."""
        child = self.first(name)
        return "" if child is None else child.text.strip()


def read_xml(body: bytes) -> Element:
    """Return the document's root; raises Refused `xml.*` for what is not XML, or is not to be read."""
    if len(body) > XML_MOST:
        raise Refused("exchange.body_too_large", limit=XML_MOST)
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=BETWEEN)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as broken:
        problem = expat.errors.messages.get(broken.code, "?")
        raise Refused(
            "xml.unreadable", problem=problem, line=broken.lineno, column=broken.offset
        ) from None
    except (LookupError, ValueError) as broken:  # an encoding nobody knows
        raise Refused("xml.unreadable", problem=str(broken), line=1, column=0) from None
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self._open: list[Element] = []
        self._count = 0
        self.root = Element("", "")

    def doctype(self, name: str, *_rest: Any) -> None:
        raise Refused("xml.doctype", value=name[:80])

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise Refused("xml.too_many", most=MOST_ELEMENTS, deepest=DEEPEST)
        space, _, local = name.rpartition(BETWEEN)
        element = Element(space, local)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, said: str) -> None:
        self._open[-1].text += said
