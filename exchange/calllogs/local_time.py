"""Local times without a zone: read by a log's own form and zone, refused where they never were."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from exchange.calllogs.rows import BadRow, Row


def read_local(row: Row, field: str, form: str, zone: ZoneInfo) -> datetime | None:
    """Return the instant in UTC, None where the field is empty; of a time that happened twice, the earlier one."""
    text = row[field].strip()
    if not text:
        return None
    try:
        local = datetime.strptime(text, form).replace(tzinfo=zone)
    except ValueError:
        raise BadRow("time_unreadable", field, text) from None
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise BadRow("time_never_was", field, text)
    return instant


def need_local(row: Row, field: str, form: str, zone: ZoneInfo) -> datetime:
    """Return the instant of a field that must not be empty."""
    instant = read_local(row, field, form, zone)
    if instant is None:
        raise BadRow("field_missing", field, "")
    return instant


def happened_twice(instant: datetime, zone: ZoneInfo) -> bool:
    """Say whether clocks in `zone` showed this instant's time twice that day."""
    local = instant.astimezone(zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
