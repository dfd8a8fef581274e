"""Reads what every side reports about a ceasefire: what happened, who says so, and which term it touches."""

__version__ = "0.1.0"
FORMAT_VERSION = "1"  # of the data printed and stored; apart from the code's version
