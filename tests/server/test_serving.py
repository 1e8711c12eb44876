"""The socket that the server listens on."""

import socket

import pytest

from server.serving import PortTakenError, listen


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """An answer's head and body are two packets: with Nagle's algorithm each answer would take 40 ms."""
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_that_is_taken() -> None:
    with listen("127.0.0.1", 0) as listening, pytest.raises(PortTakenError, match="--port"):
        listen("127.0.0.1", listening.getsockname()[1])
