"""How values read on a page: plain words, never a bare code; nothing unknown shown as zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import QueryDict

from trucewatch.store.proposals import Reading, disputed
from trucewatch.telling.tallies import Documented, span_in_words
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.counts import Count
from trucewatch.terms.findings import Finding
from trucewatch.terms.incidents import Incident, Link
from trucewatch.terms.times import Interval

register = template.Library()
OUTCOME_WORDS = {"breach_if_true": "alleged breach, if true", "not_the_act": "not an act of this term"}


@register.filter
def words(code: str) -> str:
    """A code in words."""
    return OUTCOME_WORDS.get(code, str(code).replace("_", " "))


@register.filter
def type_label(type_id: str) -> str:
    """The label of a type of incident."""
    known = incident_types().get(type_id)
    return known.label if known else words(type_id)


@register.filter
def state_label(state: str) -> str:
    """A review state in words."""
    return "alleged" if state == "unreviewed" else state


@register.filter
def outcome_class(outcome: str) -> str:
    """The colour of an outcome; its words stand beside it always."""
    return {"breach_if_true": "bad", "undetermined": "warn", "contested_reading": "warn", "consistent": "good"}.get(
        outcome, "plain"
    )


@register.filter
def interval(time: Interval | None) -> str:
    """An interval in words: one day, two ends, or "not told"."""
    if time is None or (time.earliest is None and time.latest is None):
        return "not told"
    if time.earliest == time.latest:
        return " ".join(part for part in (time.earliest, time.from_time) if part)
    return f"{time.earliest or '…'} to {time.latest or '…'}"


@register.filter
def ends(time: Interval | None) -> list[str]:
    """The words of an interval in parts that no line may break: one day, two ends, or "not told"."""
    return interval(time).split(" to ")


@register.filter
def count(value: Count | None) -> str:
    """A count with its bounds in words; None is a dash."""
    if value is None or not value.known:
        return "–"
    if value.min == value.max:
        return str(value.min)
    if value.max is None:
        return f"{value.min} or more"
    return f"up to {value.max}" if value.min is None else f"{value.min} to {value.max}"


@register.filter
def disagree(readings: list[Reading]) -> bool:
    """True where readers do not say the same."""
    return disputed(readings)


@register.filter
def reading_words(reading: Reading) -> str:
    """What a reader would decide, in words."""
    if reading.kind == "merge":
        return f"merge {len(reading.about)} incidents into one"
    if reading.kind == "split":
        return f"split off {len(reading.about)} account{'s' if len(reading.about) > 1 else ''}"
    return "add the account" if reading.kind == "add" else reading.kind


@register.filter
def first_word(new: Any) -> str:
    """What a proposal would decide, in a word."""
    return next(iter(new)) if isinstance(new, dict) else str(new)


@register.filter
def toll(incident: Incident, what: str) -> str:
    """The range of a toll over all accounts, or a dash where nobody gives a figure."""
    found = next((t for t in incident.tolls if t.what == what), None)
    return span((found.low, found.high)) if found else "–"


@register.filter
def span(ends: tuple[int | None, int | None]) -> str:
    """A lowest and a highest number as a range, or a dash where nobody gives either."""
    low, high = ends
    if low is None and high is None:
        return "–"
    if low == high:
        return str(low)
    return f"{low if low is not None else '?'}–{high if high is not None else '?'}"


@register.filter
def documented(found: Documented | None) -> str:
    """What incidents bear out of a tally, as a number or a range; a dash where nothing can be held against it."""
    return "–" if found is None else span_in_words(found)


@register.filter
def counted(outcome: str, n: int) -> str:
    """So many findings of an outcome, in words."""
    if outcome == "breach_if_true":
        return f"{n} alleged breach{'es' if n != 1 else ''}, if true"
    return f"{n} {words(outcome)}"


@register.filter
def term_title(finding: Finding, titles: Mapping[tuple[str, str], str]) -> str:
    """The title of the term a finding is about; the term's id where the agreement is no longer in the dossier."""
    return titles.get((finding.agreement_id, finding.term_id), finding.term_id)


@register.filter
def link_words(link: Link, sources: Mapping[str, str]) -> str:
    """Which two accounts a link holds together, by who published them."""
    return f"{sources.get(link.left_id, 'source not told')} and {sources.get(link.right_id, 'source not told')}"


@register.filter
def issue_words(code: str) -> str:
    """The code of an issue in words."""
    return str(code).replace("-", " ").replace("_", " ")


@register.filter
def published(instant: str | None) -> str:
    """When a report was published: the day, and where the hour is told the minute with its zone."""
    if not instant:
        return "not dated"
    if len(instant) <= 10:
        return instant
    zone = instant[19:].lstrip("0123456789.")  # past a fraction of a second
    return f"{instant[:10]} {instant[11:16]} {'UTC' if zone in ('Z', '+00:00') else zone or '(zone not told)'}"


@register.filter
def percent(share: float | None) -> str:
    """A share of 0 to 1 as a percentage, or a dash."""
    return "–" if share is None else f"{share:.0%}"


@register.filter
def split(text: str) -> list[str]:
    """The words of a text, to loop over."""
    return text.split()


@register.filter
def brief(value: Any) -> str:
    """A plain value of a decision in a few words: the names in it, its bounds, or itself; None is "nothing"."""
    if value is None or value == []:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(brief(item) for item in value[:6]) + (" …" if len(value) > 6 else "")
    if isinstance(value, dict):
        if "name" in value:
            at = f" ({value['lat']:.4f}, {value['lon']:.4f})" if value.get("lat") is not None else ""
            return f"{value['name']}{at}"
        told = [v for key in ("earliest", "latest", "from_time", "min", "max") if (v := value.get(key)) is not None]
        return " to ".join(dict.fromkeys(map(str, told))) if told else f"{value!s:.80}"
    return f"{words(str(value)):.200}"


@register.filter
def moment(instant: str | None) -> str:
    """An ISO instant to the minute, with a space between day and time; None is a dash."""
    return instant[:16].replace("T", " ") if instant else "–"


@register.filter
def asked(query: QueryDict, name: str) -> str:
    """What a query string gives under that name, or nothing."""
    return str(query.get(name, ""))
