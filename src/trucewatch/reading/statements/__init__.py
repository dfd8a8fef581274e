"""Statements: what parties say beyond telling of an incident, of eight kinds, with speaker and aim."""

from trucewatch.reading.statements.finding import find_statements

__all__ = ["find_statements"]
