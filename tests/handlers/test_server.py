"""A taken port, and signals."""

import socket

import pytest

from handlers.config import ConfigError
from handlers.server import listen


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with listen("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"port {port} is taken .* QASID_PORT"):
            listen("127.0.0.1", port)


def test_an_address_that_is_not_ours() -> None:
    with pytest.raises(ConfigError, match="QASID_HOST"):
        listen("192.0.2.1", 0)


def test_a_free_port() -> None:
    with listen("127.0.0.1", 0) as bound:
        assert isinstance(bound, socket.socket)
        assert bound.getsockname()[1] > 0
