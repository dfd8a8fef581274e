"""Reports into accounts, statements and tallies."""
