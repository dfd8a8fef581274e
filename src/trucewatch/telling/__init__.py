"""Ledger, tally checks, bulletin and exports."""
