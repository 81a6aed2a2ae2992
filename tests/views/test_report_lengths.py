"""The report form says that a text is too long before the server does, by the server's own numbers."""

import json
import re
from pathlib import Path

from exchange.bodies import ReportBody

FORM = Path(__file__).parents[2] / "assets" / "report_fields.mjs"
OWN_NAMES = {"phone": "caller_phone", "caller": "caller_name"}


def longest(field: str) -> int:
    """Return how many characters the API takes of a field."""
    told = json.dumps(ReportBody.model_json_schema()["properties"][field])
    return int(re.findall(r'"maxLength": (\d+)', told)[0])


def test_the_form_takes_as_much_of_each_text_as_the_server() -> None:
    table = re.search(r"LONGEST = \{([^}]*)\}", FORM.read_text("utf-8"))
    assert table is not None
    told = {name: int(n) for name, n in re.findall(r"(\w+): (\d+)", table[1])}
    assert told == {name: longest(OWN_NAMES.get(name, name)) for name in told}
    assert set(told) == {"text", "address", "phone", "caller"}
