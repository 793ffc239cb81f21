"""A line to PostgreSQL that can be cut: a TCP port of its own, so that the client is the one a real server has."""

import select
import socket
import threading
from contextlib import suppress
from typing import Literal, Self

from sqlalchemy.engine import make_url

COMMIT = b"COMMIT\x00"


class Cutter:
    """Carries every connection to the server of `url`; `self.url` leads to the same database through here."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self._server = f"{address.query['host']}/.s.PGSQL.{address.port or 5432}"
        self._listening = socket.create_server(("127.0.0.1", 0))
        through = address.set(host="127.0.0.1", port=self._listening.getsockname()[1], query={})
        self.url = through.render_as_string(hide_password=False)
        #: Where the next commit's line is cut: "before" it reaches the server, or "after" it was carried out.
        self.next_commit: Literal["before", "after"] | None = None
        #: Whether the server is away, from a cut commit on with `away_then`.
        self.away = False
        self.away_then = False
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        self.cut()

    def cut(self) -> None:
        """Every connection there is ends here and now."""
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def go_away(self) -> None:
        self.away = True
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self.away:
                    client.close()
                else:
                    threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            self._open.add(client)
            try:
                server.connect(self._server)
                while self._carried(client, server):
                    pass
            finally:
                self._open.discard(client)

    def _carried(self, client: socket.socket, server: socket.socket) -> bool:
        ready, _, _ = select.select([client, server], [], [])
        for here, there in ((client, server), (server, client)):
            if here not in ready:
                continue
            data = here.recv(65_536)
            if here is client and COMMIT in data and self.next_commit:
                cut, self.next_commit = self.next_commit, None
                self.away = self.away_then
                if cut == "after":
                    server.sendall(data)
                    server.recv(65_536)
                return False
            if not data:
                return False
            there.sendall(data)
        return True
