"""uvicorn's HTTP protocol with what a feed needs of a connection: break it, bound its buffer, hear of the shutdown.

Closing waits until the peer has read what is buffered, which a reader that takes nothing never does; only an abort
frees it. The kernel would by itself take megabytes for such a reader before anybody noticed. And a server that goes
down waits for its open streams, which by themselves never end.
"""

import socket
from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

CONNECTION = "onenet.connection"
SEND_BUFFER_BYTES = 262_144


class FeedProtocol(HttpToolsProtocol):
    """Give to uvicorn as `http=FeedProtocol`."""

    _at_shutdown: Callable[[], object] | None = None

    def on_message_begin(self) -> None:
        """Put them into the scope, where the feed looks for them."""
        super().on_message_begin()
        self.scope["extensions"] = {
            CONNECTION: {
                "abort": self.transport.abort,
                "bound": self._bound_buffer,
                "at_shutdown": self._call_at_shutdown,
            }
        }

    def shutdown(self) -> None:
        """Let an open stream end before the server waits for it."""
        if self._at_shutdown is not None:
            self._at_shutdown()
        super().shutdown()

    def _call_at_shutdown(self, end: Callable[[], object]) -> None:
        self._at_shutdown = end

    def _bound_buffer(self) -> None:
        link = self.transport.get_extra_info("socket")
        if link is not None:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
