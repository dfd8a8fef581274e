"""`trucewatch ledger`: alleged breaches by accuser and accused."""

from __future__ import annotations

from collections.abc import Iterator
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
    from trucewatch.telling.ledgers import Ledger, Rankings
    from trucewatch.telling.ranks import Rank
    from trucewatch.telling.tellings import Telling

COLUMNS = ("accuser", "accused", "group", "certain", "expected", "at_most", "note")
RANK_COLUMNS = ("rule", "rank", "accused", "certain", "expected")


@click.command("ledger")
@folder_argument
@click.option("--rule", metavar="RULE", help="Counting rule; the dossier's own without it; `all` compares.")
@click.option("--by", default="all", show_default=True, metavar="WHAT", help="term, type, area, day, week or month.")
@filter_options("since", "until")
@as_of_option
@known_at_option
@page_options
def command(
    folder: Path | None, rule: str | None, by: str, form: str, output: Path | None, known_at: str | None, **given: Any
) -> None:  # fmt: skip
    """Count alleged breaches by who tells them and who is accused, under a named counting rule.

    `certain` are breaches if the telling is true; `expected` adds the doubtful ones by their probability; `at_most`
    is the most there can be. Under `note`, own side: the accuser is of the accused's side; assumed: where a text gives
    no number, one was taken. Rules: incident, smm_observation, firing_case, acled_like, ucdp_like, site_day.

    \b
    trucewatch ledger DIR --by month
    trucewatch ledger DIR --rule site_day --by type --format csv
    trucewatch ledger DIR --rule all
    trucewatch ledger DIR --format html -o ledger.html
    trucewatch ledger DIR --rule all --format html -o rules.html
    """
    from trucewatch.running.openings import open_dossier
    from trucewatch.running.pasts import dossier_at
    from trucewatch.running.stages import DossierStages
    from trucewatch.running.tellings import telling_of
    from trucewatch.telling.ledgers import make_ledger, rank_by_rule

    check_output(form, output)
    days = days_of(given)
    stages = DossierStages(open_dossier(folder)[0])
    chosen = rule or dossier_at(stages, known_at).counting_rule
    telling = telling_of(stages, known_at=known_at, **days)
    tell_caveats(telling.caveats)
    tell_changed(folder, known_at)
    if chosen == "all":
        _compare(rank_by_rule(telling), telling, form, output)
        return
    ledger = make_ledger(telling, chosen, by)
    if form == "html":
        from trucewatch.telling.bulletins import ledger_page

        write_page(ledger_page(ledger, telling), output, "the ledger as a page")
        return
    empty = "No telling names a breach of a term in force."
    rows = list(_rows(ledger, telling, quoted=form == "table"))
    if form == "table":
        _table(rows, by, empty)
    else:
        write_rows(rows, [c for c in COLUMNS if c != "group" or by != "all"], form)
    if form == "table" and ledger.cells:
        from trucewatch.telling.rules import rule_named

        click.echo(f"\n{ledger.n_incidents} incidents, counted as {rule_named(chosen).unit}; alleged, not verified.")
        if any("“" in row["accused"] for row in rows):
            click.echo("In quotation marks: the words of a text, where no actor of the registry bears them.")


def _table(rows: list[dict[str, Any]], by: str, empty: str) -> None:
    """The ledger on a terminal of 100 columns; by term, a table for each agreement, whose id would fill a column."""
    if by == "all":
        rows.sort(key=lambda row: (row["accuser"], row["unnamed"], -row["expected"], row["accused"]))
    columns = ["accuser", "accused", *([] if by == "all" else [by]), "certain", "expected", "at_most", "note"]
    if by != "term":
        write_rows(({**row, by: row["group"]} for row in rows), columns, "table", empty=empty)
        return
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        agreement_id, _, term_id = row["group"].partition(" / ")
        parts.setdefault(agreement_id, []).append({**row, "term": term_id})
    for number, agreement_id in enumerate(sorted(parts)):
        click.secho(("\n" if number else "") + agreement_id, bold=True)
        write_rows(parts[agreement_id], columns, "table")
    if not rows:
        write_rows((), columns, "table", empty=empty)


def _rows(ledger: Ledger, telling: Telling, *, quoted: bool) -> Iterator[dict[str, Any]]:
    for cell in ledger.cells:
        notes = ["own side"] if cell.own else []
        notes += ["assumed"] if cell.assumed else []
        yield {
            "accuser": cell.accuser,
            "accused": telling.told_name(cell.accused) if quoted else telling.actor_name(cell.accused),
            "group": cell.group,
            "certain": cell.certain,
            "expected": cell.expected,
            "at_most": cell.possible,
            "note": "; ".join(notes),
            "rule": ledger.rule_id,
            "incidents": list(cell.incident_ids),
            "unnamed": ledger.last(cell.accused) > 0,
        }


def _compare(rankings: Rankings, telling: Telling, form: str, output: Path | None) -> None:
    if form == "html":
        from trucewatch.telling.bulletins import rules_page

        write_page(rules_page(rankings, telling), output, "every rule side by side")
        return
    if form == "table":
        _side_by_side(rankings, telling)
        return
    rows = (
        {
            "rule": standing.rule_id,
            "rank": standing.rank or None,
            "accused": telling.actor_name(standing.accused),
            "certain": standing.certain,
            "expected": standing.expected,
        }
        for standing in rankings.standings
    )
    write_rows(rows, RANK_COLUMNS, form)


def _side_by_side(rankings: Rankings, telling: Telling) -> None:
    from trucewatch.telling.ranks import leaders, rank_rows, rules_of

    rules = rules_of(rankings)
    rows = [
        {"accused": telling.told_name(row.accused), **dict(zip(rules, map(_rank, row.ranks), strict=True))}
        for row in rank_rows(rankings)
    ]
    write_rows(rows, ("accused", *rules), "table", empty="Nobody is accused.")
    if not rows:
        return
    first = leaders(rankings)
    click.echo(f"\nRank and expected count; + and -: ranks higher or lower than under {rules[0]}; . counts nothing;")
    click.echo("- is not ranked, since nobody is named.")
    for accused, under in first:
        click.echo(f"First under {', '.join(under)}: {telling.told_name(accused)}")
    click.echo(f"The rank of {len(rankings.moved)} of {len(rows)} changes with the rule; alleged, not verified.")


def _rank(rank: Rank) -> str:
    if not rank.counted:
        return "."
    return f"{rank.rank or '-':>2} {rank.expected:>4.1f}" + (f" {rank.up:+d}" if rank.up else "")
