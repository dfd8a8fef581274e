"""`python -m trucewatch` is the command line."""

from trucewatch.cli.main import main

main()
