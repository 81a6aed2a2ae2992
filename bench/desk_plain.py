"""What the desk is compared with: FastAPI and SQLAlchemy as anybody would write them, one insert and one commit per request."""

import argparse
from typing import Annotated, Any

import uvicorn
from fastapi import Body, FastAPI, Header
from sqlalchemy import Column, Integer, MetaData, String, Table, Text, insert, make_url

from storage.engine import open_store
from vocabulary.ids import new_id

metadata = MetaData()
plain = Table(
    "plain",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(26), nullable=False),
    Column("key", String(128), nullable=False, unique=True),
    Column("body", Text, nullable=False),
)


def build(url: str) -> FastAPI:
    """Return the application; its store is as durable as ours."""
    store = open_store(make_url(url))
    metadata.create_all(store.reader)
    app = FastAPI()

    @app.get("/readyz")
    def ready() -> dict[str, bool]:
        """Say that it is there."""
        return {"ok": True}

    @app.post("/plain", status_code=201)
    def take(
        body: Annotated[dict[str, Any], Body()], idempotency_key: Annotated[str, Header()]
    ) -> dict[str, str]:
        """Keep it and answer."""
        row = {"id": new_id(), "key": idempotency_key, "body": str(body)}
        # Without our writer's lock, which would make the requests queue in Python.
        with store.reader.begin() as connection:
            connection.execute(insert(plain), row)
        return {"id": row["id"]}

    return app


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    uvicorn.run(build(asked.url), port=asked.port, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
