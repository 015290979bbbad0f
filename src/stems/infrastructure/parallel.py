"""The same question to every node at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TypeVar

from stems.errors import StemsError
from stems.infrastructure.process import end_all
from stems.model.observation import Answer, Present, Unknown

Key = TypeVar("Key")
Value = TypeVar("Value")
MOST_AT_ONCE = 32


@contextmanager
def crew(size: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that ask at the same time. Ctrl-C ends what they wait for instead of waiting for it."""
    with ThreadPoolExecutor(size) as pool:
        try:
            yield pool
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise


@contextmanager
def repeating(every: float, act: Callable[[], object]) -> Iterator[None]:
    """Do something again and again meanwhile. That it fails is for whoever waits for its effect."""
    ended = Event()

    def repeat() -> None:
        while not ended.wait(every):
            with suppress(StemsError):
                act()

    thread = Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def ask_each(keys: Iterable[Key], question: Callable[[Key], Value]) -> dict[Key, Answer[Value]]:
    """Ask every node in parallel and wait for all; an expected failure becomes `Unknown`, every other one is a bug."""
    asked = tuple(keys)
    if len(asked) <= 1:
        return {key: _answer(key, question) for key in asked}
    with crew(min(MOST_AT_ONCE, len(asked))) as pool:
        answers = pool.map(lambda key: _answer(key, question), asked)
        return dict(zip(asked, answers, strict=True))


def _answer(key: Key, question: Callable[[Key], Value]) -> Answer[Value]:
    try:
        return Present(question(key))
    except StemsError as error:
        return Unknown(error)
