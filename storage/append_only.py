"""Tables nobody may change afterwards: triggers that refuse UPDATE and DELETE in both stores."""

from sqlalchemy import DDL, Table, event

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
POSTGRES = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
VERBS = ("UPDATE", "DELETE")


def statements(table: str, dialect: str) -> list[str]:
    """Return the DDL that makes `table` append-only on `dialect` (sqlite or postgresql)."""
    if dialect == "sqlite":
        return [SQLITE.format(table=table, verb=verb) for verb in VERBS]
    triggers = [POSTGRES.format(table=table, verb=verb) for verb in VERBS]
    return [POSTGRES_FUNCTION, *triggers]


def append_only(table: Table) -> Table:
    """Add the triggers to what `metadata.create_all` makes; migrations run `statements` themselves."""
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(table.name, dialect):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
    return table
