"""Engines: the same work on batches in this process, in several, or on a Ray cluster, with the same output."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from trucewatch.terms.errors import SettingsError, unknown_name

T = TypeVar("T")
R = TypeVar("R")
In = TypeVar("In", contravariant=True)
Out = TypeVar("Out")


class Work(Protocol[In, Out]):
    """Something to do to batches. It is picklable and light; `make` loads what is heavy, once in each worker."""

    def make(self) -> Callable[[Sequence[In]], list[Out]]:
        """The callable, its models loaded."""
        ...

    def give_up(self, batch: Sequence[In], why: str) -> list[Out]:
        """What stands for a batch whose worker died every time: results that say so."""
        ...


class Engine(Protocol):
    """Something that does work on batches."""

    def map(self, work: Work[T, R], batches: Iterable[Sequence[T]]) -> Iterator[list[R]]:
        """The result of each batch in the order of the batches, which are drawn a few ahead at most."""
        ...


def _local(jobs: int) -> Engine:
    from trucewatch.running.engines.local import LocalEngine

    return LocalEngine()


def _processes(jobs: int) -> Engine:
    from trucewatch.running.engines.processes import ProcessEngine

    return ProcessEngine(jobs)


def _ray(jobs: int) -> Engine:
    from trucewatch.running.engines.ray import RayEngine

    return RayEngine(jobs)


ENGINES: dict[str, Callable[[int], Engine]] = {"local": _local, "processes": _processes, "ray": _ray}


def engine_named(name: str | None = None, jobs: int | None = None) -> Engine:
    """The engine of that name; without one, `local` for one job and `processes` for more.

    `jobs` is how many workers it may use, None for as many as there are cores. Raises SettingsError for an unknown
    name, ModelMissing where what it runs on is not installed.
    """
    n = jobs if jobs is not None else (os.cpu_count() or 1)
    chosen = name or ("local" if n == 1 else "processes")
    if chosen not in ENGINES:
        raise SettingsError("unknown-engine", unknown_name("engine", chosen, ENGINES))
    return ENGINES[chosen](n)
