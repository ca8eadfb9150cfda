"""Where blocking work runs: small named pools of threads, so that files and codecs never hold up the loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Worker(Protocol):
    """Runs blocking functions away from the loop; in the order of the calls where it has one thread."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Give what the function gives, or raise what it raises."""
        ...

    def close(self) -> None:
        """Let the threads end after what they are doing; what has not begun is dropped."""
        ...


class ThreadWorker:
    """A pool of its own. What waits is bounded by the callers, each of which has a limit."""

    def __init__(self, name: str, threads: int = 1) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._last: Future[Any] | None = None

    @property
    def busy(self) -> bool:
        """Whether what was asked for last is still to be done, by whoever is still there to want it."""
        return self._last is not None and not self._last.done()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        future = self._last = self._threads.submit(function, *args, **kwargs)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class InlineWorker:
    """The double: runs at once on the loop, for a simulation whose order must not depend on threads."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)

    def close(self) -> None:
        pass
