"""`trucewatch tallies`: counts that somebody claims, beside what is documented."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trucewatch.cli.options import (
    as_of_option,
    days_of,
    filter_options,
    folder_argument,
    known_at_option,
    tell_caveats,
    tell_changed,
)
from trucewatch.cli.tables import check_output, page_options, write_page, write_rows

if TYPE_CHECKING:
    from trucewatch.telling.tallies import Check, Documented
    from trucewatch.telling.tellings import Telling

COLUMNS = (
    "claimant", "side", "claimed", "unit", "accused", "since", "until", "documented", "by_own_side", "verdict", "why",
)  # fmt: skip


@click.command("tallies")
@folder_argument
@filter_options("since", "until")
@as_of_option
@known_at_option
@click.option("--verdict", metavar="VERDICT", help="covered, partly_covered, uncovered, impossible or not_comparable.")
@page_options
def command(
    folder: Path | None, verdict: str | None, form: str, output: Path | None, known_at: str | None, **given: Any
) -> None:  # fmt: skip
    """List claimed counts beside what the reports at hand document.

    Documented are incidents of the same accused, thing and days.

    `impossible` are those whose parts do not add up, that fall where they should grow, or that a longer window of the
    same speaker contradicts. What is not documented may still have happened.

    \b
    trucewatch tallies DIR
    trucewatch tallies DIR --verdict impossible --format jsonl
    trucewatch tallies DIR --format html -o tallies.html
    """
    from trucewatch.running.tellings import load_telling
    from trucewatch.telling.tallies import VERDICTS, check_tallies
    from trucewatch.terms.errors import SettingsError, unknown_name
    from trucewatch.terms.ids import plain

    if verdict is not None and verdict not in VERDICTS:
        raise SettingsError("unknown-verdict", unknown_name("verdict", verdict, VERDICTS))
    check_output(form, output)
    days = days_of(given)
    telling = load_telling(folder, known_at=known_at, **days)
    tell_caveats(telling.caveats)
    tell_changed(folder, known_at)
    checks = [check for check in check_tallies(telling) if verdict in (None, check.verdict)]
    if form == "html":
        from trucewatch.telling.bulletins import tallies_page

        write_page(tallies_page(checks, telling), output, f"{len(checks)} claims beside what is documented")
        return
    if form == "table":
        tell_checks(checks, telling)
        return
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
            "why": "; ".join([*(fault.what for fault in check.faults), *check.remarks]),
        }
        for check in checks
    )
    write_rows(rows, COLUMNS, form)


def tell_checks(checks: Sequence[Check], telling: Telling) -> None:
    """Each claim has been told in a few lines: eleven columns cannot be read on a terminal."""
    from trucewatch.telling.tallies import VERDICTS, claim_in_words, span_in_words

    if not checks:
        click.echo("Nobody claims a count.", err=True)
        return
    width = min(shutil.get_terminal_size((100, 24)).columns, 100)

    def line(words: str) -> None:
        click.echo(textwrap.fill(words, width, initial_indent="  ", subsequent_indent="    "))

    unit = {t.tally_id: t.unit for t in telling.tallies}
    for check in checks:
        claimed = f"{claim_in_words(check.claimed_min, check.claimed_max)} {unit[check.tally_id]}"
        head = textwrap.fill(f"{check.claimant} ({check.side}): {claimed}", width, subsequent_indent="  ")
        click.secho(head, bold=True)
        accused = ", ".join(dict.fromkeys(telling.told_name(key) for key in check.accused))
        line(f"of {accused or 'nobody named'}, {check.since or '?'} to {check.until or '?'}")
        if check.everyone and check.own:
            everyone, own = span_in_words(check.everyone), span_in_words(check.own)
            line(f"documented: {everyone} of all origins, {own} of its own side")
            line(f"held against {check.counted_as}")
        line(f"{check.verdict.replace('_', ' ')}: {VERDICTS[check.verdict] if check.everyone else check.counted_as}")
        for fault in check.faults:
            line(f"cannot be: {fault.what}")
        for remark in check.remarks:
            line(f"falls short: {remark}")
        click.echo()
    click.echo(f"{len(checks)} claims. What is not documented here may still have happened.")


def _claimed(low: int | None, high: int | None) -> str:
    if low == high:
        return "no figure" if low is None else str(low)
    return f"{low}+" if high is None else f"up to {high}" if low is None else f"{low}-{high}"


def _documented(found: Documented | None) -> str:
    if found is None:
        return "not comparable"
    return str(found.low) if found.low == found.high else f"{found.low}-{found.high}"
