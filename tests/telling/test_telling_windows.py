from __future__ import annotations

from tellers import Told

from trucewatch.telling.windows import within


def names(told: Told, since: str | None, until: str | None) -> list[str]:
    return [i.incident_id for i in within(told.telling(), since, until).incidents]


def test_an_incident_is_in_where_any_of_its_days_is(told: Told) -> None:
    told.incident("a", day="2031-05-01", until="2031-05-03").incident("b", day="2031-05-09")
    assert names(told, "2031-05-03", "2031-05-05") == ["inc_a"]


def test_an_undated_incident_goes_by_its_reports(told: Told) -> None:
    told.incident("a", day=None)
    assert names(told, "2031-05-05", "2031-05-05") == ["inc_a"]
    assert names(told, "2031-05-06", None) == []


def test_an_open_window_is_the_whole_telling(told: Told) -> None:
    telling = told.incident("a").telling()
    assert within(telling, None, None) is telling


def test_what_incidents_rest_on_stays(told: Told) -> None:
    kept = within(told.incident("a", day="2031-05-04").incident("b", day="2031-05-20").telling(), None, "2031-05-10")
    assert [f.incident_id for f in kept.findings] == ["inc_a"]
    assert [a.account_id for a in kept.accounts] == ["acc_a_Gorno Watch"]
