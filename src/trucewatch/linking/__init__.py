"""Accounts into located, dated, attributed incidents."""
