"""What a run was made with, and what of a past moment cannot be told again because it was another then.

Reports keep when they came in and decisions when they were taken, so both can be replayed. The code, the agreement
files and the registry cannot: a replay uses those of today, and says where they are others than at that moment.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trucewatch import __version__

if TYPE_CHECKING:
    from trucewatch.running.stages import Stages

MADE_WITH = "made_with"  # the key of a run's figures


def made_with(stages: Stages) -> dict[str, Any]:
    """The version, the fingerprints of reading and judging, and the SHA-256 of each agreement file by its name."""
    from trucewatch.running.engines.works import file_hash

    return {
        "version": __version__,
        "reader": stages.fingerprint,
        "judge": stages.judge_fingerprint,
        "agreements": {path.name: file_hash(path) for path in stages.dossier.agreement_files()},
    }


def not_of_then(stages: Stages, known_at: str) -> tuple[str, ...]:
    """In words, what a replay of that instant takes from today. Empty where nothing is other than it was.

    The last run begun by then says what was in use. The store is open. Raises SettingsError where `known_at` is no
    instant.
    """
    from trucewatch.store.models import RunRow
    from trucewatch.store.pasts import instant

    limit = instant(known_at)
    begun = [row for row in RunRow.objects.order_by("number") if datetime.fromisoformat(row.started_at) <= limit]
    if not begun:
        return ("No run had been made by then: reports are read and judged as today.",)
    kept = [(row, json.loads(row.figures).get(MADE_WITH)) for row in begun]
    known = [(row, made) for row, made in kept if made]
    if not known:
        return ("What was used then was not recorded: reader, agreement files and registry are those of today.",)
    row, then = known[-1]
    return (*_reader(row.number, then, stages), *_files(row.number, then, stages))


def _reader(number: int, then: dict[str, Any], stages: Stages) -> list[str]:
    if then["reader"] == stages.fingerprint:
        return []
    return [
        f"Reports are read with the reader of today (version {__version__}, {stages.fingerprint[:12]}), not with "
        f"that of run {number} (version {then['version']}, {then['reader'][:12]}): the code, the gazetteers "
        "or the registry changed since."
    ]


def _files(number: int, then: dict[str, Any], stages: Stages) -> list[str]:
    now = made_with(stages)["agreements"]
    before: dict[str, str] = then["agreements"]
    out = []
    for name in sorted({*before, *now}):
        if before.get(name) == now.get(name):
            continue
        if name not in now:
            out.append(f"Agreement file {name} (SHA-256 {before[name][:12]}) was in use in run {number} and is gone.")
        elif name not in before:
            out.append(f"Agreement file {name} (SHA-256 {now[name][:12]}) was not in use in run {number}.")
        else:
            out.append(
                f"Agreement file {name} is that of today (SHA-256 {now[name][:12]}), not that of run {number} "
                f"({before[name][:12]})."
            )
    if not out and then["judge"] != stages.judge_fingerprint:
        out.append(f"The rules of judging or the registry of actors changed since run {number}.")
    return out
