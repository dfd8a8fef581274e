"""An explanation as indented lines for people."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import click

from trucewatch.cli.layouts import wrap

Told = Mapping[str, Any]
WIDTH = 100


def write(told: Told) -> None:
    """The explanation is on standard output."""
    was = f" (asked for as {told['was']})" if "was" in told else ""
    click.secho(f"{told['kind']} {told['id']}{was}", bold=True)
    _PARTS.get(told["kind"], _plain_value)(told, 1)
    _decisions(told["decisions"])
    for issue in told["issues"]:
        _line(1, f"issue {issue['code']}: {issue['where']}: {issue['what']}")


def _incident(told: Told, depth: int) -> None:
    value = told["value"]
    _line(depth, f"{value['type']}, {value['reality']}, {_when(value['time'])}, review state: {told['state']}")
    _places(value["places"], depth)
    _line(depth, f"actors: {_names(value['actors'])}   targets: {_names(value['targets'])}")
    for toll in value["tolls"]:
        said = "; ".join(f"{_count(c['count'])} in {c['account_id']}" for c in toll["claims"])
        figures = ", ".join(f"{name} {toll[name]}" for name in ("low", "best", "high") if toll[name] is not None)
        _line(depth, f"{toll['what']}: {figures or 'no figure'}  ({said})")
    for origin in value["origins"]:
        side = f", side {origin['side']}" if origin["side"] else ""
        told_in = ", ".join(origin["account_ids"])
        _line(
            depth,
            f"origin: {origin['name']} ({origin['kind']}, reliability {origin['reliability']}{side}) in {told_in}",
        )
    if value["contested"]:
        _line(depth, f"contested; denied by {', '.join(value['denied_by']) or 'rival tellings'}")
    _corrected(told, depth)
    click.echo()
    for account in told["accounts"]:
        _line(depth, f"account {account['account_id']}", bold=True)
        _account(account, depth + 1)
        click.echo()
    for link in value["links"]:
        _line(depth, f"linked {link['left_id']} with {link['right_id']}, score {link['score']:.2f}")
        for f in link["features"]:
            _line(depth + 1, f"{f['weight']:+.2f} {f['name']}: {f['left']} | {f['right']}")
    for finding in told["findings"]:
        _line(depth, f"finding {finding['finding_id']}", bold=True)
        _finding_value(finding, depth + 1)


def _account(told: Told, depth: int) -> None:
    value, context = told["value"], told["context"]
    _line(depth, f"{value['type']}, {value['reality']}, {_when(value['time'])}, review state: {told['state']}")
    _report_line(told["report"], depth)
    _quote(context, depth)
    _places(value["places"], depth)
    _line(depth, f"actors: {_names(value['actors'])}   targets: {_names(value['targets'])}")
    _line(
        depth,
        f"killed: {_count(value['killed'])}   injured: {_count(value['injured'])}   called a breach: {value['breach']}",
    )
    chain = " <- ".join(s["name"] for s in value["said_by"])
    _line(depth, f"said by: {chain or 'the narrator'}")
    _maker(value, depth)
    _corrected(told, depth)
    if "kind" in told and told["incident"]:
        _line(depth, f"tells of incident {told['incident']}")


def _statement(told: Told, depth: int) -> None:
    value = told["value"]
    speaker, about = value["speaker"], value["about"]
    _line(
        depth,
        f"{value['kind']} by {speaker['name'] if speaker else 'nobody named'} about {about['name'] if about else '-'}",
    )
    _report_line(told["report"], depth)
    _quote(told["context"], depth)
    _maker(value, depth)


def _tally(told: Told, depth: int) -> None:
    value = told["value"]
    _line(depth, f"{_count(value['count'])} {value['unit']}, {value['since'] or '?'} to {value['until'] or '?'}")
    _line(depth, f"accused: {_names(value['accused'])}   said by: {_names(value['said_by'])}")
    _report_line(told["report"], depth)
    _quote(told["context"], depth)
    _maker(value, depth)


def _report(told: Told, depth: int) -> None:
    _report_line(told["report"], depth)
    for name in ("accounts", "statements", "tallies"):
        _line(depth, f"{name}: {', '.join(told[name]) or 'none'}")
    click.echo()
    click.echo(told["text"])


def _finding(told: Told, depth: int) -> None:
    _finding_value(told["value"], depth)
    click.echo()
    _line(depth, f"incident {told['incident']['incident_id']}", bold=True)
    _incident({**told["incident"], "findings": ()}, depth + 1)


def _finding_value(value: Told, depth: int) -> None:
    reading = f", read as {value['reading']}" if value["reading"] else ""
    _line(depth, f"{value['agreement_id']} ({value['agreement_version']}), term {value['term_id']}{reading}")
    _line(
        depth,
        f"{value['outcome']}, probability {value['probability']:.2f} if the telling is true; belief: {value['belief']}",
    )
    for test in value["tests"]:
        compared = "; ".join(f"{label}: {shown}" for label, shown in test["compared"])
        _line(depth + 1, f"{test['name']}: {test['verdict']} ({test['probability']:.2f})  {compared}")
        if test["missing"]:
            _line(depth + 2, f"would decide it: {test['missing']}")


def _obligation(told: Told, depth: int) -> None:
    value = told["value"]
    _line(
        depth, f"{value['title']}: {value['state']}, due {value['due'] or 'at no stated time'}, as of {value['as_of']}"
    )
    _line(depth, f"{value['agreement_id']}, term {value['term_id']}, bearers: {', '.join(value['bearers'])}")
    for evidence in value["evidence"]:
        _line(depth, f"{evidence['weighs']}: {evidence['incident_id']} ({evidence['earliest']}): {evidence['why']}")
    for fact in value["missing"]:
        _line(depth, f"would decide it: {fact}")
    for incident in told["incidents"]:
        click.echo()
        _line(depth, f"incident {incident['incident_id']}", bold=True)
        _incident({**incident, "findings": ()}, depth + 1)


def _plain_value(told: Told, depth: int) -> None:
    for name, value in told["value"].items():
        if value not in (None, ""):
            _line(depth, f"{name.replace('_', ' ')}: {value}")
    if told.get("standing") is not None:
        _line(depth, "in effect" if told["standing"] else "undone")


def _decisions(decisions: Sequence[Told]) -> None:
    for d in decisions:
        change = f" {d['field']}: {d['old']} -> {d['new']}" if d["field"] else ""
        why = d["reason"] or "no reason given"
        _line(1, f"decision {d['seq']}: {d['kind']}{change} by {d['author']} at {d['at']}: {why}")


def _report_line(report: Told, depth: int) -> None:
    title = report["title"] or report["name"]
    _line(depth, f"{report['source'] or 'source not known'}, {report['published'] or 'no date'}: {title}")
    _line(depth, f"report {report['report_id']} ({report['name']}), SHA-256 {report['sha256']}")
    if report["file"]:
        _line(depth, f"from {report['file']}")


def _quote(context: Told, depth: int) -> None:
    text = f"{context['before']}[[{context['quote']}]]{context['after']}"
    indent = "  " * depth + "| "
    click.echo(textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent))


def _places(places: Sequence[Told], depth: int) -> None:
    for place in places:
        if place["lat"] is None:
            _line(depth, f"place: {place['name']}, not located ({place['note'] or 'not known'})")
            continue
        point = f"{place['lat']:.4f}, {place['lon']:.4f} within {place['radius_m'] or 0:.0f} m"
        _line(depth, f"place: {place['name']} at {point}, {place['place_id']}")
        for c in place["candidates"][:3]:
            _line(
                depth + 1,
                f"{c['weight']:.2f} {c['name']} ({c['admin']}) {c['place_id']} {'; '.join(c['grounds'])}".rstrip(),
            )


def _maker(value: Told, depth: int) -> None:
    maker = value["maker"]
    sure = "" if value["confidence"] is None else f", confidence {value['confidence']:.2f}"
    _line(depth, f"made by {maker['module']} {maker['version']} with settings {maker['settings'][:12]}{sure}")


def _corrected(told: Told, depth: int) -> None:
    if machine := told.get("machine"):
        for name, own in machine.items():
            if own != told["value"][name]:
                _line(depth, f"corrected by a person: {name}; the machine had {own}")


def _when(time: Told | None) -> str:
    if time is None:
        return "no date"
    days = (
        time["earliest"]
        if time["earliest"] == time["latest"]
        else f"{time['earliest'] or '...'} to {time['latest'] or '...'}"
    )
    return f'{days} ("{time["text"]}")' if time["text"] else str(days)


def _names(parties: Sequence[Told]) -> str:
    return ", ".join(p["name"] for p in parties) or "not told"


def _count(count: Told | None) -> str:
    if count is None:
        return "not told"
    low, high = count["min"], count["max"]
    if low == high:
        return str(low)
    return f"at least {low}" if high is None else f"up to {high}" if low is None else f"{low} to {high}"


def _line(depth: int, text: str, *, bold: bool = False) -> None:
    indent = "  " * depth
    for line in wrap(" ".join(text.split()), max(40, WIDTH - len(indent) - 4)):
        click.secho(indent + line, bold=bold)
        indent = "  " * depth + "    "


_PARTS = {
    "incident": _incident,
    "account": _account,
    "statement": _statement,
    "tally": _tally,
    "report": _report,
    "finding": _finding,
    "obligation": _obligation,
}
