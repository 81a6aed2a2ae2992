"""The radio network's tables: sites as they were brought, outages as a projection, snapshots of figures, fixed networks."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from storage.instants import Instant
from storage.metadata import metadata

# Brought by the operators' tables, site by site: the newest sheet that names a site says how it is.
radio_sites = Table(
    "radio_sites",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("operator", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("lon_deg", Float, nullable=False),
    Column("lat_deg", Float, nullable=False),
    Column("cells", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
)

# A projection of the sites' streams: every outage there was, by the event that began it.
radio_outages = Table(
    "radio_outages",
    metadata,
    Column("began_seq", BigInteger, primary_key=True, autoincrement=False),
    Column("site_id", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("since_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("document", Text, nullable=False),
    Index("ix_radio_outages_site", "site_id", "began_seq"),
    Index("ix_radio_outages_open", "open"),
)

# What the coverage came to after each change of it: the trend.
coverage_figures = Table(
    "coverage_figures",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("content", String(64), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("document", Text, nullable=False),
)

# Fixed broadband per village and community, backbone links and nodes, each layer replaced whole by its import.
network_features = Table(
    "network_features",
    metadata,
    Column("layer", String(20), primary_key=True),
    Column("id", String(60), primary_key=True),
    Column("document", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
)
