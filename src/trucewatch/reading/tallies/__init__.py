"""Tallies: counts of several incidents, dead, sites or displaced people over a period, claimed by somebody."""

from trucewatch.reading.tallies.finding import find_tallies

__all__ = ["find_tallies"]
