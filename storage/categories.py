"""Versions of categories that the office brought: added, never changed; the shipped ones come with the program."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Integer, String, Table, Text, func, insert, select

from incidents.categories import COLUMNS, Category, parse_category
from incidents.rulebook import Tables
from incidents.table_files import Row
from storage.accounts import accounts, api_keys
from storage.append_only import append_only
from storage.instants import Instant
from storage.metadata import metadata

categories = Table(
    "categories",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("full_code", String(80), nullable=False, unique=True),
    Column("cells", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", String(80), nullable=False),
)
append_only(categories)


def count_categories(connection: Connection) -> int:
    """Return how many versions were brought: it grows with each, so that a reader sees when to read again."""
    return int(connection.execute(select(func.count()).select_from(categories)).scalar_one())


def load_categories(connection: Connection, tables: Tables) -> list[Category]:
    """Return the versions that were brought, in the order in which they came."""
    query = select(categories.c.number, categories.c.cells).order_by(categories.c.number)
    return [
        parse_category(Row("categories", row.number, orjson.loads(row.cells)), tables.departments)
        for row in connection.execute(query)
    ]


def brought_categories(connection: Connection) -> dict[str, tuple[datetime, str]]:
    """Return when and by whom (the name, where it is an account's or a key's) each version was brought, by its full code."""
    by = func.coalesce(accounts.c.name, api_keys.c.name, categories.c.added_by).label("by")
    query = (
        select(categories.c.full_code, categories.c.added_at, by)
        .outerjoin(accounts, accounts.c.id == categories.c.added_by)
        .outerjoin(api_keys, api_keys.c.id == categories.c.added_by)
    )
    return {row.full_code: (row.added_at, row.by) for row in connection.execute(query)}


def keep_categories(
    connection: Connection, rows: Sequence[tuple[str, dict[str, str]]], at: datetime, by: str
) -> None:
    """Add versions (full code, cells)."""
    first = count_categories(connection) + 1
    values: list[dict[str, Any]] = [
        {
            "number": number,
            "full_code": code,
            "cells": orjson.dumps({name: cells[name] for name in COLUMNS}).decode(),
            "added_at": at,
            "added_by": by,
        }
        for number, (code, cells) in enumerate(rows, first)
    ]
    if values:
        connection.execute(insert(categories), values)
