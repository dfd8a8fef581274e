"""Every command line the pages show is one the programs take. Nothing is executed here."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from command_tree import ALL
from pages import PAGES, ROOT, commands, inline_code, name_of, shell_blocks

from trucewatch.cli.main import COMMANDS

SCRIPTS = [*(ROOT / "eval").glob("*.py"), *(ROOT / "training").glob("*.py"), *(ROOT / "examples").rglob("*.py")]


def _parse(command: click.Command, words: list[str], parent: click.Context | None = None) -> None:
    """Raises UsageError where the command does not take these words."""
    context = command.make_context(words[0], words[1:], parent=parent)
    if isinstance(command, click.Group):
        _, sub, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert sub is not None
        _parse(sub, [sub.name or "", *rest], context)


def _blocks() -> list[tuple[str, str]]:
    """Where each block of commands stands, and the block: of the pages, and of the commands' own help."""
    told = [(name_of(page), block) for page in PAGES for block in shell_blocks(page.read_text("utf-8"))]
    for path, command in ALL.items():
        lines = [line.strip() for line in f"{command.help or ''}\n{command.epilog or ''}".splitlines()]
        # after three blanks help says in words what the line does
        told += [(f"{path} --help", line.partition("   ")[0]) for line in lines if line.startswith("trucewatch ")]
    return told


def _shown() -> list[tuple[str, list[str]]]:
    return [(where, words) for where, block in _blocks() for words in commands(block)]


OURS = [(where, words) for where, words in _shown() if words[0] == "trucewatch" and words[1] != "COMMAND"]


@pytest.mark.parametrize(("where", "words"), OURS, ids=lambda v: v if isinstance(v, str) else " ".join(v))
def test_a_command_line_that_is_shown_is_taken(where: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click.Path, "convert", lambda self, value, *_: Path(value))  # the files shown are not here
    try:
        _parse(ALL["trucewatch"], words)
    except click.exceptions.Exit as end:  # --help and --version end the parsing
        assert end.exit_code == 0
    except click.UsageError as error:
        pytest.fail(f"{where}: {' '.join(words)}: {error.format_message()}")


def test_command_lines_are_found_at_all() -> None:
    places = {where for where, _ in OURS}
    assert {"README.md", "docs/start/index.md", "trucewatch ledger --help"} <= places


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_and_options_named_in_a_sentence_exist(page: Path) -> None:
    options = {name for command in ALL.values() for parameter in command.params for name in parameter.opts}
    options |= {"--help", "--debug", *(name for path in SCRIPTS for name in _options_of(path))}
    for code in inline_code(page.read_text("utf-8")):
        words = re.findall(r"(?<![\w-])-{1,2}[a-z][\w-]*", code)
        if code.startswith("trucewatch ") and "COMMAND" not in code:
            known = [path for path in ALL if f"{code} ".startswith(f"{path} ")]
            assert len(known) > 1, f"no such command: {code}"
            mine = {name for parameter in ALL[max(known, key=len)].params for name in parameter.opts}
            assert {w for w in words if w.startswith("--")} <= mine | {"--help", "--debug"}, code
        elif code.startswith("--"):
            assert set(words[:1]) <= options, f"no command has the option: {code}"


def _options_of(script: Path) -> set[str]:
    return set(re.findall(r"\"(--[a-z][\w-]*)\"", script.read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_measuring_scripts_that_are_named_exist_and_have_the_options(page: Path) -> None:
    text = page.read_text("utf-8")
    for words in (w for code in [*shell_blocks(text), *inline_code(text)] for w in commands(code)):
        if words[0] != "python" or len(words) < 2 or words[1] == "-c" or words[2:] == ["trucewatch"]:
            continue
        script = words[2].replace(".", "/") + ".py" if words[1] == "-m" else words[1]
        assert (ROOT / script).is_file(), f"{page.name}: {' '.join(words)}: there is no {script}"
        given = {w.split("=")[0] for w in words if w.startswith("--")}
        assert given <= _options_of(ROOT / script), f"{page.name}: {' '.join(words)}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_is_made_is_in_the_makefile(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    text = page.read_text("utf-8")
    for words in (w for code in [*shell_blocks(text), *inline_code(text)] for w in commands(code)):
        if words[0] == "make":
            assert set(words[1:]) <= targets, f"{page.name}: {' '.join(words)}"


def test_the_page_of_commands_says_what_help_says() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `(trucewatch \w+)` \| (.+?) \|", page, re.M))
    names = [f"trucewatch {name}" for names in COMMANDS.values() for name in names]
    assert told == {name: (ALL[name].help or "").splitlines()[0] for name in names}


def test_every_variable_of_the_environment_stands_on_the_page_of_commands() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    sources = [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")]
    read = {name for text in sources for name in re.findall(r"(?:= |environ\.get\()\"(TRUCEWATCH_[A-Z_]+)\"", text)}
    assert read == set(re.findall(r"TRUCEWATCH_[A-Z_]+", page))
