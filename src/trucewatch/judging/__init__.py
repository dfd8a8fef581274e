"""Incidents held against the terms of agreements."""
