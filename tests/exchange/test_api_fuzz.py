"""The API asked everything its description allows, and much that it does not: never a 5xx, never an undescribed answer."""

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from exchange import api
from exchange.file_route import FORMS
from tests.exchange.conftest import OFFICER, Door, principal
from tests.exchange.console import MemoryConsole

pytestmark = pytest.mark.slow


def door() -> Door:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    api.mount(app, MemoryConsole())
    return Door(app, principal(*OFFICER))


@schemathesis.serializer(next(name for name, form in FORMS.items() if form == "xlsx"))
def _as_it_is(_context: object, value: Any) -> bytes | None:
    """Send what was made up for an Excel file as the bytes it is."""
    return bytes(value) if isinstance(value, bytes) else str(value).encode()


schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", door())


@schema.parametrize()
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_no_operation_ever_fails_by_our_fault(case: "schemathesis.Case[Any]") -> None:
    case.call_and_validate(
        checks=[not_a_server_error, status_code_conformance, content_type_conformance]
    )
