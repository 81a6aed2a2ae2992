"""The journal's tables and what is derived from it; accounts, audit and personal data stand in files of their own."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.append_only import append_only
from storage.instants import Instant
from storage.metadata import metadata

# Truth. `seq` is given by the writer inside the serialised transaction, so it has no gap.
events = Table(
    "events",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String(26), nullable=False, unique=True),
    Column("stream", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(80), nullable=False),
    Column("data", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("source_at", Instant),
    Column("actor", Text, nullable=False),
    Column("cause_id", String(160)),
    Column("chain", String(64), nullable=False),
    UniqueConstraint("stream", "version"),
)
append_only(events)

# What the relay still has to publish; a row leaves when Redis has it.
outbox = Table(
    "outbox",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
)

# Answers already given, by who asked and the key they sent.
answers = Table(
    "answers",
    metadata,
    Column("actor_id", String(80), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("answered_at", Instant, nullable=False),
)

# Up to which seq a consumer is done with everything.
consumers = Table(
    "consumers",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("floor", BigInteger, nullable=False),
)

# Which consumer is done with which event above its floor.
effects = Table(
    "effects",
    metadata,
    Column("consumer", String(40), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("outcome", String(4), nullable=False),
    Column("done_at", Instant, nullable=False),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("consumer", String(40), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("problem", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("kept_at", Instant, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# Projections: made anew by `python app.py rebuild`.
cases = Table(
    "cases",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("number", String(19), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("priority", String(2), nullable=False),
    Column("category", String(40), nullable=False),
    Column("town", String(80), nullable=False),
    Column("lead", String(40)),
    Column("departments", Text, nullable=False),
    Column("lon_deg", Float, nullable=False),
    Column("lat_deg", Float, nullable=False),
    Column("search", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("opened_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_cases_open_seq", "open", "opened_seq"),
    Index("ix_cases_state_seq", "state", "opened_seq"),
    Index("ix_cases_updated", "updated_at"),
    Index("ix_cases_category_open", "category", "open"),
)

reports = Table(
    "reports",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("case_id", String(26), nullable=False, index=True),
    Column("opened_case_id", String(26), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
)

# What is due on the open cases, taken from the cases themselves with every event.
timers = Table(
    "timers",
    metadata,
    Column("case_id", String(26), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("part", String(60), primary_key=True),
    Column("due_at", Instant, nullable=False, index=True),
)

# Every alert ever offered, and what became of it.
alerts = Table(
    "alerts",
    metadata,
    Column("case_id", String(26), primary_key=True),
    Column("offered_seq", BigInteger, primary_key=True, autoincrement=False),
    Column("number", String(19), nullable=False),
    Column("priority", String(2), nullable=False),
    Column("exercise", Boolean, nullable=False),
    Column("offered_at", Instant, nullable=False, index=True),
    Column("ack_due_at", Instant),
    Column("step", Integer, nullable=False),
    Column("missed", Boolean, nullable=False),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", Text),
    Column("desk", Text, nullable=False),
    Column("implied", Boolean, nullable=False),
    Column("ended_at", Instant),
    Column("open", Boolean, nullable=False, index=True),
)

units = Table(
    "units",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
)

road_closures = Table(
    "road_closures",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("until_at", Instant, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_road_closures_open_until", "open", "until_at"),
)

# The newest position of each unit: a record of its own, not a projection.
positions = Table(
    "positions",
    metadata,
    Column("unit_id", String(40), primary_key=True),
    Column("lon_deg", Float, nullable=False),
    Column("lat_deg", Float, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("speed_mps", Float),
    Column("heading_deg", Float),
    Column("accuracy_m", Float),
)
