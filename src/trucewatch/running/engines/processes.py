"""In several processes of this machine. A killed worker costs its batch a second try, not the run."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from trucewatch.running.engines import Work

T = TypeVar("T")
R = TypeVar("R")

TRIES = 3  # of a batch whose worker died, before it is put aside
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
AHEAD = 2  # batches per worker that may be under way or waiting for an earlier one

_do: Callable[[Sequence[Any]], list[Any]] | None = None  # of this worker


@dataclass(slots=True)
class _Task:
    batch: Sequence[Any]
    future: Future[list[Any]] | None = None
    n_deaths: int = 0


class ProcessEngine:
    """Workers are spawned, not forked: a fork would copy locks of threads that are not there any more."""

    def __init__(self, jobs: int) -> None:
        self.jobs = max(1, jobs)

    def map(self, work: Work[T, R], batches: Iterable[Sequence[T]]) -> Iterator[list[R]]:
        """The result of each batch, in order."""
        source = iter(batches)
        tasks: deque[_Task] = deque()
        pool = self._pool(work)
        try:
            while True:
                while len(tasks) < self.jobs * AHEAD and (batch := next(source, None)) is not None:
                    tasks.append(_Task(batch))
                if not tasks:
                    return
                try:
                    for task in tasks:
                        task.future = task.future or pool.submit(_work, task.batch)
                    result = _result(tasks[0])
                except BrokenProcessPool:
                    pool.shutdown(wait=False, cancel_futures=True)
                    if set_aside := _after_death(tasks):
                        yield work.give_up(set_aside.batch, f"its worker died {TRIES} times")
                    pool = self._pool(work)
                    continue
                tasks.popleft()
                yield result
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _pool(self, work: Work[T, R]) -> ProcessPoolExecutor:
        # a worker that multiplies matrices on every core takes them from the others; read when its libraries load
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.jobs, mp_context=context, initializer=_begin, initargs=(work, os.getpid()))


def _result(task: _Task) -> list[Any]:
    assert task.future is not None
    return task.future.result()


def _after_death(tasks: deque[_Task]) -> _Task | None:
    """Everything not finished is to be tried again; the first batch, tried alone by then, is set aside at its limit."""
    for task in tasks:
        done = task.future is not None and task.future.done() and not task.future.cancelled()
        if done and task.future is not None and task.future.exception() is None:
            continue
        task.future = None
    # which worker died cannot be told from here, but the first batch waits longest and so is always among the suspects
    tasks[0].n_deaths += 1
    return tasks.popleft() if tasks[0].n_deaths >= TRIES else None


def _begin(work: Work[Any, Any], parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides what stops
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    global _do
    _do = work.make()


def _end_with(parent: int) -> None:
    """A run that is killed takes its workers with it: they would wait for ever, with their models in memory."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _work(batch: Sequence[Any]) -> list[Any]:
    if _do is None:
        raise RuntimeError("a worker was given a batch before its models")
    return _do(batch)
