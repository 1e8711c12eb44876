"""The end of a command that a signal asks for: in order, whatever it is doing.

SIGTERM (a supervisor's) does what Ctrl-C does. SIGHUP, a terminal that closes, ends nothing: settings are read at the
start alone.
"""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")
log = structlog.get_logger()


def run(main: Coroutine[Any, Any, T], runner: Callable[[Coroutine[Any, Any, Any]], Any] = asyncio.run) -> T:
    """Run `main` to its end, or until a signal cancels it. Raises KeyboardInterrupt for a signal, once all is ended."""
    outcome: list[T] = runner(_until_signal(main))
    if not outcome:
        raise KeyboardInterrupt
    return outcome[0]


async def _until_signal(main: Coroutine[Any, Any, T]) -> list[T]:
    task, loop = asyncio.ensure_future(main), asyncio.get_running_loop()
    asked = False

    def ask() -> None:
        nonlocal asked
        if not asked:  # a second one does not cut the end short
            task.cancel()
        asked = True

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, ask)
    loop.add_signal_handler(signal.SIGHUP, log.info, "sighup_ignored")
    try:
        return [await task]
    except asyncio.CancelledError:
        if asked:
            return []
        raise
