"""The units over a real store: SQLite, and PostgreSQL where ONENET_TEST_POSTGRES names one."""

from tests.storage.conftest import clock, journal, store

__all__ = ["clock", "journal", "store"]
