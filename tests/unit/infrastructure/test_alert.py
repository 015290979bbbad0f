"""An alert that cannot be sent is told by its kind, and never hides the failure that it is about."""

from __future__ import annotations

import importlib.util
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stems.infrastructure.alert import send

DONE = b"HTTP/1.1 204 No Content\r\n\r\n"


@contextmanager
def receiver(answer: bytes) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answered = threading.Thread(target=_answer, args=(server, answer))
        answered.start()
        yield f"json://127.0.0.1:{server.getsockname()[1]}/token"
        answered.join(10)


def _answer(server: socket.socket, answer: bytes) -> None:
    stream, _ = server.accept()
    with stream:
        stream.recv(65536)
        stream.sendall(answer)


@pytest.fixture
def _without_apprise() -> None:
    if importlib.util.find_spec("apprise"):
        pytest.skip("Apprise is installed and would be asked")


@pytest.mark.usefixtures("_without_apprise")
class TestPost:
    def test_an_alert_arrives(self) -> None:
        with receiver(DONE) as url:
            assert send([url], title="t", body="b") == ()

    @pytest.mark.parametrize(
        "answer",
        [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 x\r\n\r\n", b"HTTP/1.1 500 no\r\n\r\n"],
        ids=["silence", "another protocol", "no status", "refused"],
    )
    def test_a_receiver_that_talks_nonsense_is_one_that_failed(self, answer: bytes) -> None:
        with receiver(answer) as url:
            assert send([url], title="t", body="b") == ("json",)

    @pytest.mark.parametrize(
        ("url", "kind"),
        [
            ("json://127.0.0.1:x/token", "json"),
            ("json://", "json"),
            ("json://[::1/token", "address that is no URL"),
            ("tgram://token", "tgram"),
            ("token", "address without a scheme"),
        ],
    )
    def test_an_address_that_leads_nowhere_is_told_without_its_token(self, url: str, kind: str) -> None:
        assert send([url], title="t", body="b") == (kind,)


def test_a_notifier_that_crashes_is_one_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apprise.py").write_text("raise RuntimeError('token')\n")
    monkeypatch.syspath_prepend(tmp_path)

    assert send(["json://127.0.0.1/token"], title="t", body="b") == ("json",)
