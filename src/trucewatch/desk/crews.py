"""The processes of the server: some answer requests on one socket, one keeps what they share. Whoever ends is replaced.

The first process only watches: it has no threads, so it may fork at any time. A fork shares the memory of what was
loaded before it, and a process of Python answers with one core only, however many threads it has.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing as mp
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from types import FrameType
from typing import Any

AGAIN_AFTER_S = 1.0  # one that ends as soon as it begins must not keep a core busy
END_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Post:
    """What one process of the crew does, until it is ended."""

    name: str
    work: Callable[..., None]
    words: tuple[Any, ...]


def keep_manned(posts: Sequence[Post]) -> None:
    """Each post has a process at work until this one is interrupted or terminated; then all have ended."""
    context: Any = mp.get_context("fork" if "fork" in mp.get_all_start_methods() else "spawn")
    signal.signal(signal.SIGTERM, _end)
    gc.collect()
    gc.freeze()  # what is there now is shared: a later collection would touch, and so copy, all of it

    def man(post: Post) -> Any:
        process = context.Process(target=_begin, args=(post,), name=post.name, daemon=True)
        process.start()
        return process

    at_work = {man(post): post for post in posts}
    try:
        while True:
            ended = wait([process.sentinel for process in at_work])
            for process in [process for process in at_work if process.sentinel in ended]:
                post = at_work.pop(process)
                process.join()
                print(
                    f"{post.name} ended with {process.exitcode}; another takes its place", file=sys.stderr, flush=True
                )
                time.sleep(AGAIN_AFTER_S)
                at_work[man(post)] = post
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        for process in at_work:
            process.terminate()
        for process in at_work:
            process.join(END_WITHIN_S)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _begin(post: Post) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, name="watch", daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        post.work(*post.words)


def _end_with_parent() -> None:
    """However the first process ends, also killed: nobody is left behind on its socket."""
    parent = mp.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
