"""The command line: a table of commands, each a module of its own, loaded when it is called."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from typing import Any

import click

from trucewatch import __version__
from trucewatch.terms.errors import TrucewatchError, unknown_name

COMMANDS = {
    "Reading": ("read", "link", "new", "add", "run"),
    "Looking": (
        "incidents", "findings", "ledger", "statements", "tallies", "obligations", "issues", "explain", "desk",
    ),
    "Telling": ("bulletin", "changes", "export"),
    "Deciding": ("decide", "waiting", "audit", "backup", "restore"),
    "Tools": ("agreement", "gazetteer", "judge", "score"),
}  # fmt: skip
ELSEWHERE = {"desk": "trucewatch.desk.commands"}  # named, not imported: the command line does not know the desk's room
STOPPED = 130  # what a shell expects of a command ended by Ctrl-C


class ReadEnoughError(Exception):
    """Whoever reads our output has closed the pipe, as `head` does."""


class Commands(click.Group):
    """The group whose commands are the modules of this package, and the desk's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the table."""
        return [name for names in COMMANDS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; an unknown one is an error that names the nearest."""
        if cmd_name not in self.list_commands(ctx):
            raise click.UsageError(unknown_name("command", cmd_name, self.list_commands(ctx)))
        module = ELSEWHERE.get(cmd_name, f"trucewatch.cli.{cmd_name}")
        command = import_module(module).command
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.command is no command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """The command's outcome. A closed pipe is told under a name of our own: click would end it with 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReadEnoughError from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by what they are for, each with its first line."""
        for title, names in COMMANDS.items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(title):
                formatter.write_dl([(name, command.get_short_help_str(90)) for name, command in found if command])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="trucewatch")
def trucewatch() -> None:
    """Reads what every side reports about a ceasefire: what happened, who says so, and which term it touches.

    \b
    trucewatch run examples/idlib-2020          read the example dossier
    trucewatch incidents examples/idlib-2020    what happened
    trucewatch explain inc_3f                   the whole chain behind any id
    trucewatch COMMAND --help                   more, with examples

    DIR is the folder of a dossier. Where it may be left out, it is the one that TRUCEWATCH_DOSSIER names, else the
    nearest at or above the working directory. A command ends with 0, with 2 where what it was given is wrong, and with
    1 where the fault is ours. Add --debug to any command for the traceback of an error.
    """


def main(argv: list[str] | None = None) -> None:
    """Runs the command and ends the process: 0, 1 where we are to blame, 2 where the input is, 130 after Ctrl-C."""
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: list[str]) -> int:
    """The exit code of the command; an error has been told in two lines on standard error."""
    debug = "--debug" in argv
    try:
        code = trucewatch.main([a for a in argv if a != "--debug"], prog_name="trucewatch", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped. What was done is kept; the same command goes on from here.", err=True)
        return STOPPED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        _tell(debug, " ".join(error.format_message().split()), _hint(error))
        return 2
    except TrucewatchError as error:
        where = f"{error.where}: " if error.where else ""
        _tell(debug, f"{where}{error.what} [{error.code}]", error.todo)
        return 2 if error.users_fault else 1
    except ReadEnoughError:
        return _read_enough()
    except OSError as error:
        if not isinstance(error.filename, str):
            return _ours(debug, error)
        _tell(
            debug,
            f"{error.filename}: {error.strerror} [file-system]",
            "Check the path, its rights and the room on the disk.",
        )
        return 2
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, it is told in two lines
        return _ours(debug, error)


def _read_enough() -> int:
    """0, and silence: whoever reads the pipe has seen enough, which is no fault. Nothing is flushed to it any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return 0


def _ours(debug: bool, error: Exception) -> int:
    todo = "This is our fault. Run it with --debug and report it."
    _tell(debug, f"{type(error).__name__}: {error} [internal]", todo)
    return 1


def _hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"Help: {context.command_path} --help" if context else "Help: trucewatch --help"


def _tell(debug: bool, what: str, todo: str) -> None:
    if debug:
        traceback.print_exc()
    first, *more = filter(None, (" ".join(line.split()) for line in what.splitlines()))
    click.echo("\n    ".join([f"trucewatch: {first}", *more]), err=True)
    if todo:
        click.echo(f"  {' '.join(todo.splitlines())}", err=True)
