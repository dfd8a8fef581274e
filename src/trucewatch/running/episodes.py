"""Episodes of an archive, from the incidents' flat columns alone: two days of them in memory, whatever the archive."""

from __future__ import annotations

import heapq
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow.parquet as pq

from trucewatch.linking.episodes import Episodes, Mark, episode_id, mark
from trucewatch.running.columns import EPISODES, as_table

_ROWS = 20_000  # per row group


class EpisodeFile:
    """One file of which incident is in which episode; the alone are left out. There whole or not at all."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._part = path, path.with_name(path.name + ".part")
        self._waiting: list[tuple[int, str, Mark]] = []
        self._episodes = Episodes()
        self._members: dict[str, list[Mark]] = {}  # of each anchor of the last two days
        self._rows: list[dict[str, Any]] = []

    def __enter__(self) -> EpisodeFile:
        self._writer = pq.ParquetWriter(self._part, EPISODES, compression="zstd")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.known_before(date.max.toordinal())
            self._tell(before=None)
            self._flush()
        self._writer.close()
        if error is None:
            self._part.replace(self._path)

    def add(self, incidents: Path) -> None:
        """The incidents of that file are known."""
        columns = ["incident_id", "type", "reality", "earliest", "latest", "lats", "lons", "doers"]
        with pq.ParquetFile(incidents) as file:
            for batch in file.iter_batches(4096, columns=columns):
                for row in batch.to_pylist():
                    found = mark(
                        row["incident_id"], row["type"], row["reality"], row["earliest"], row["latest"],
                        tuple(zip(row["lats"], row["lons"], strict=True)), frozenset(row["doers"]),
                    )  # fmt: skip
                    if found is not None:
                        heapq.heappush(self._waiting, (found.day, found.incident_id, found))

    def known_before(self, day: int) -> None:
        """Every incident that begins before that day has been added."""
        while self._waiting and self._waiting[0][0] < day:
            found = heapq.heappop(self._waiting)[2]
            self._tell(before=found.day - 1)
            self._members.setdefault(self._episodes.anchor(found), []).append(found)

    def _tell(self, before: int | None) -> None:
        """Episodes whose anchor lies before that day grow no more."""
        over = [a for a, members in self._members.items() if before is None or members[0].day < before]
        for anchor in over:
            members = self._members.pop(anchor)
            if len(members) > 1:
                key = episode_id(anchor)
                self._rows += [
                    {"episode_id": key, "incident_id": m.incident_id, "day": date.fromordinal(m.day).isoformat()}
                    for m in members
                ]
        if len(self._rows) >= _ROWS:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(as_table(EPISODES, self._rows))
        self._rows = []
