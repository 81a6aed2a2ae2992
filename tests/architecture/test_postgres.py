"""The borrowed PostgreSQL is real and clean for each test."""

import pytest
from sqlalchemy import create_engine, inspect, text


@pytest.mark.server
@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database_of_its_own(postgres_url: str, turn: int) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text(f"CREATE TABLE of_turn_{turn} (n int)"))
        assert connection.execute(text("SHOW fsync")).scalar() == "on"
    engine.dispose()
