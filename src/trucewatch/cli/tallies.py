"""`trucewatch tallies`: counts that somebody claims, beside what is documented."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trucewatch.cli.options import filter_options, folder_argument, known_at_option
from trucewatch.cli.tables import format_option, write_rows

if TYPE_CHECKING:
    from trucewatch.telling.tallies import Documented

COLUMNS = (
    "claimant", "side", "claimed", "unit", "accused", "since", "until", "documented", "by_own_side", "verdict", "why",
)  # fmt: skip


@click.command("tallies")
@folder_argument
@filter_options("since", "until")
@click.option("--as-of", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="As known on this day.")
@known_at_option
@click.option("--verdict", metavar="VERDICT", help="covered, partly_covered, uncovered, impossible or not_comparable.")
@format_option
def command(folder: Path | None, verdict: str | None, form: str, known_at: str | None, **given: Any) -> None:
    """List claimed counts with what the reports at hand document for the same accused, thing and days.

    `impossible` are those whose parts do not add up, that fall where they should grow, or that a longer window of the
    same speaker contradicts. What is not documented may still have happened.

    \b
    trucewatch tallies DIR
    trucewatch tallies DIR --verdict impossible --format jsonl
    """
    from trucewatch.running.tellings import load_telling
    from trucewatch.telling.tallies import VERDICTS, check_tallies
    from trucewatch.terms.errors import SettingsError, unknown_name
    from trucewatch.terms.ids import plain

    if verdict is not None and verdict not in VERDICTS:
        raise SettingsError("unknown-verdict", unknown_name("verdict", verdict, VERDICTS))
    days = {name: value.date().isoformat() if value else None for name, value in given.items()}
    telling = load_telling(folder, known_at=known_at, **days)
    tally = {t.tally_id: t for t in telling.tallies}
    rows = (
        {
            **plain(check),
            "id": check.tally_id,
            "claimed": _claimed(check.claimed_min, check.claimed_max),
            "unit": tally[check.tally_id].unit,
            "quote": tally[check.tally_id].quote,
            "accused": [telling.actor_name(key) for key in check.accused],
            "documented": _documented(check.everyone),
            "by_own_side": _documented(check.own),
            "why": "; ".join(fault.what for fault in check.faults),
        }
        for check in check_tallies(telling)
        if verdict in (None, check.verdict)
    )
    write_rows(rows, COLUMNS, form, empty="Nobody claims a count.")


def _claimed(low: int | None, high: int | None) -> str:
    if low == high:
        return "no figure" if low is None else str(low)
    return f"{low}+" if high is None else f"up to {high}" if low is None else f"{low}-{high}"


def _documented(found: Documented | None) -> str:
    if found is None:
        return "not comparable"
    return str(found.low) if found.low == found.high else f"{found.low}-{found.high}"
