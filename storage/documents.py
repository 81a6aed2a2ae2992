"""Things as documents: a row each, what is asked for in columns beside it, folded from the journal's events."""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Column, Connection, Select, Table, insert, select, update

from vocabulary.folding import Apply, applied
from vocabulary.message import Event, Recorded

T = TypeVar("T")


class After(Protocol[T]):
    """What a thing is after a recorded event, for rules that ask for more of it than `Apply` is given."""

    def __call__(self, before: T | None, recorded: Recorded[Event], /) -> T | None:
        """Return what it is now."""
        ...


class Documents(Generic[T]):
    """The rows of one table: `key` names the thing, `columns` gives what stands beside its document."""

    def __init__(
        self,
        table: Table,
        key: "Column[Any]",
        document: TypeAdapter[T],
        columns: Callable[[T], dict[str, Any]],
        read: Callable[[str], T] | None = None,
    ) -> None:
        self.table = table
        self._key, self._document, self._columns = key, document, columns
        # One that remembers, where the same are read again and again.
        self._read = read or document.validate_json

    def load(self, connection: Connection, key: str) -> T | None:
        """Return one thing, None where it is not known."""
        query = select(self.table.c.document).where(self._key == key)
        document = connection.execute(query).scalar_one_or_none()
        return None if document is None else self._read(document)

    def read(self, connection: Connection, query: "Select[Any]") -> list[T]:
        """Return the things whose documents a query finds, in its order."""
        return [self._read(one) for one in connection.execute(query).scalars()]

    def fold(
        self, connection: Connection, recorded: Recorded[Event], stream: str, apply: Apply[T]
    ) -> tuple[T | None, T | None]:
        """Apply an event of a stream that begins so; return the thing before and after it."""
        return self.fold_with(
            connection, recorded, stream, lambda before, one: applied(apply, before, one)
        )

    def fold_with(
        self, connection: Connection, recorded: Recorded[Event], stream: str, after: After[T]
    ) -> tuple[T | None, T | None]:
        """Do so by a rule that sees the whole recorded event."""
        key = recorded.stream.removeprefix(stream)
        before = self.load(connection, key)
        now = after(before, recorded)
        if now is not None:
            self.keep(connection, key, now, known=before is not None)
        return before, now

    def keep(self, connection: Connection, key: Any, after: T, *, known: bool) -> None:
        """Keep a thing as it is now, in its own row where it is known."""
        row = {**self._columns(after), "document": self._document.dump_json(after).decode()}
        if not known:
            connection.execute(insert(self.table).values(**{self._key.name: key}, **row))
        else:
            connection.execute(update(self.table).where(self._key == key).values(**row))
