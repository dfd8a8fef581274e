from __future__ import annotations

from tellers import Told

from trucewatch.telling.coverage import parity, window, zone_days


def test_a_day_nobody_tells_of_is_unobserved_and_not_quiet(told: Told) -> None:
    told.incident("a").incident("b", type="patrol", day="2031-05-06")
    (zone,) = zone_days(told.telling(), "2031-05-04", "2031-05-07")
    assert [state for _, state in zone.days] == ["violence", "unobserved", "quiet", "unobserved"]
    assert (zone.violence, zone.quiet, zone.unobserved) == (1, 1, 2)


def test_violence_outweighs_a_quiet_telling_of_the_same_day(told: Told) -> None:
    told.incident("a", type="patrol").incident("b")
    (zone,) = zone_days(told.telling(), "2031-05-04", "2031-05-04")
    assert zone.violence == 1


def test_a_long_interval_observes_no_single_day(told: Told) -> None:
    told.incident("a", day="2031-05-01", until="2031-05-31")
    (zone,) = zone_days(told.telling(), "2031-05-01", "2031-05-31", ["GO > Valley"])
    assert zone.unobserved == 31


def test_a_denied_incident_observes_nothing(told: Told) -> None:
    told.incident("a", reality="denied")
    assert zone_days(told.telling(), "2031-05-04", "2031-05-04") == ()


def test_the_window_ends_with_the_cut_off(told: Told) -> None:
    told.incident("a").incident("b", day="2031-07-01")
    assert window(told.telling()) == ("2031-05-04", "2031-05-31")


def test_parity_counts_sources_reports_and_accounts_by_side(told: Told) -> None:
    told.incident("a", told_by=("Southern Voice", "Gorno Watch", "Valley Wire")).incident("b", told_by=("Gorno Watch",))
    shares = {row.side: (row.n_sources, row.n_reports, row.n_accounts, row.share) for row in parity(told.telling())}
    assert shares == {"monitors": (1, 2, 2, 0.5), "south": (1, 1, 1, 0.25), "not aligned": (1, 1, 1, 0.25)}
