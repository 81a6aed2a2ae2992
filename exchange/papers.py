"""Papers as the API answers them: PDF, kept by nobody on the way, named for who saves it."""

from typing import Any, Final

from starlette.responses import Response

from exchange.answers import Alive
from exchange.operations import READS_ONE, operation

PDF: Final = "application/pdf"


def paper_operation(permission: str, summary: str) -> dict[str, Any]:
    """Return what FastAPI is told of an operation that answers a PDF, ready for `**`."""
    told = operation(permission, summary, Alive, READS_ONE)
    told["response_model"] = None
    told["response_class"] = Response
    told["responses"][200] = {
        "description": f"Permission: {permission}",
        "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
    }
    return told


def paper(content: bytes, name: str, kind: str = PDF) -> Response:
    """Return a file that a browser shows or saves under a name."""
    end = kind.rpartition("/")[2]
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'inline; filename="{name}.{end}"',
    }
    return Response(content, 200, headers, kind)
