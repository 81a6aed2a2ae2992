"""Counters that count on inside a transaction, for numbers that must have no gap."""

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.tables import counters

_READ = select(counters.c.value).where(counters.c.name == bindparam("of"))
_COUNT = update(counters).where(counters.c.name == bindparam("of"))


def next_number(connection: Connection, name: str) -> int:
    """Return 1, 2, 3 … for `name`, each once."""
    value = connection.execute(_READ, {"of": name}).scalar_one_or_none()
    if value is None:
        connection.execute(insert(counters).values(name=name, value=1))
        return 1
    connection.execute(_COUNT, {"of": name, "value": value + 1})
    return int(value) + 1
