"""What a stranger is told by `--help`: every command and option, in one manner."""

from __future__ import annotations

import click
import pytest
from command_tree import ALL

from trucewatch.cli.main import run

LEAVES = {path: command for path, command in ALL.items() if not isinstance(command, click.Group)}


@pytest.mark.parametrize("path", ALL)
def test_help_tells_what_it_does_in_one_line_that_is_a_sentence(path: str) -> None:
    first, *rest = (ALL[path].help or "").splitlines()
    assert first.endswith(".") and not any(line.strip() for line in rest[:1])


@pytest.mark.parametrize("path", LEAVES)
def test_help_shows_the_command_at_work(path: str) -> None:
    assert any(line.strip().startswith(f"{path} ") for line in (LEAVES[path].help or "").splitlines())


@pytest.mark.parametrize("path", ALL)
def test_every_option_says_in_a_sentence_what_it_is(path: str) -> None:
    for option in (p for p in ALL[path].params if isinstance(p, click.Option)):
        assert (option.help or "").endswith("."), option.opts
        named = isinstance(option.type, click.Choice) or option.is_flag or option.metavar
        assert named, f"{option.opts}: say in its metavar what is given"


@pytest.mark.parametrize("path", [p for p in ALL if isinstance(ALL[p], click.Group)])
def test_commands_of_a_group_are_told_whole(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*path.split()[1:], "--help"]) == 0
    assert "..." not in capsys.readouterr().out.partition("\n\n")[2]
