"""On a Ray cluster, or a Ray of this machine's own where no cluster is set up (RAY_ADDRESS)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from trucewatch.terms.errors import ModelMissing

if TYPE_CHECKING:
    from trucewatch.running.engines import Work

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 2  # batches per worker under way
RESTARTS = 3  # of an actor whose process or machine died; its batch is sent again each time


class _Worker:
    """An actor of the cluster, with the models loaded."""

    def __init__(self, work: Work[Any, Any]) -> None:
        self._do = work.make()

    def ready(self) -> bool:
        """True: it could be made."""
        return True

    def do(self, batch: Sequence[Any]) -> list[Any]:
        """The result of the batch."""
        return self._do(batch)


class RayEngine:
    """`jobs` actors of one core each, restarted where they die."""

    def __init__(self, jobs: int) -> None:
        try:
            import ray
        except ImportError as error:
            raise ModelMissing.extra("scale", "Ray is not installed") from error
        self._ray, self.jobs = ray, max(1, jobs)

    def map(self, work: Work[T, R], batches: Iterable[Sequence[T]]) -> Iterator[list[R]]:
        """The result of each batch, in order."""
        ray = self._ray
        mine = not ray.is_initialized()
        if mine:
            ray.init(log_to_driver=False, include_dashboard=False, logging_level="ERROR")
        try:
            actor = ray.remote(num_cpus=1, max_restarts=RESTARTS, max_task_retries=RESTARTS)(_Worker)
            workers = [actor.remote(work) for _ in range(self.jobs)]
            # one that cannot be made at all must end the run here, not have every batch set aside
            ray.get([worker.ready.remote() for worker in workers])
            yield from self._ordered(work, workers, batches)
        finally:
            if mine:
                ray.shutdown()

    def _ordered(self, work: Work[T, R], workers: list[Any], batches: Iterable[Sequence[T]]) -> Iterator[list[R]]:
        waiting: deque[tuple[Sequence[T], Any]] = deque()
        for number, batch in enumerate(batches):
            waiting.append((batch, workers[number % len(workers)].do.remote(batch)))
            if len(waiting) >= len(workers) * AHEAD:
                yield self._take(work, *waiting.popleft())
        while waiting:
            yield self._take(work, *waiting.popleft())

    def _take(self, work: Work[T, R], batch: Sequence[T], future: Any) -> list[R]:
        try:
            result: list[R] = self._ray.get(future)
        except self._ray.exceptions.RayActorError as error:
            return work.give_up(batch, f"its worker died: {str(error).splitlines()[0]}")
        return result
