"""What stands between the network and the console's pages: HEAD answered as GET without its body, nonsense told as a problem."""

from typing import Final

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exchange.problems import MEDIA_TYPE
from live.transport import FeedProtocol
from vocabulary.errors import sentence

NOT_HTTP: Final = "exchange.not_http"


class HeadAsGet:
    """Answers HEAD with what GET would say, but for the body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, without_body)


class ConsoleProtocol(FeedProtocol):
    """The feed's protocol; bytes that are no HTTP get the same shape of answer as every other mistake."""

    def send_400_response(self, msg: str) -> None:
        """Say in both languages what is wrong, and close."""
        detail = f"{sentence(NOT_HTTP, 'zh')} {sentence(NOT_HTTP, 'en')}"
        told = {"type": f"/problems/{NOT_HTTP}", "title": "Bad Request", "status": 400}
        body = orjson.dumps({**told, "detail": detail, "code": NOT_HTTP})
        head = (
            f"HTTP/1.1 400 Bad Request\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
