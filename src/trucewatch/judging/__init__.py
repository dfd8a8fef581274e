"""Judging: agreements as data, and every incident held against every term with its grounds."""
