"""`trucewatch desk`: the dossier in a browser."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import click

from trucewatch.running.dossiers import find_folder
from trucewatch.terms.errors import ModelMissing, SettingsError

ROLES = ["viewer", "reviewer", "editor", "admin"]  # trucewatch.desk.access.ROLES; naming it here would load Django


@click.command("desk")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", metavar="N", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option(
    "--processes",
    metavar="N",
    type=click.IntRange(1, 64),
    help="How many answer; as many as cores without it, at most 8.",
)
@click.option(
    "--threads",
    metavar="N",
    default=4,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Answers at one time of each process.",
)
@click.option("--add-user", metavar="NAME", help="Make a user (asks for the password) and end.")
@click.option(
    "--role", type=click.Choice(ROLES), default="viewer", show_default=True, help="With --add-user: what it may do."
)
@click.option("--password-stdin", is_flag=True, help="With --add-user: read the password from standard input.")
def command(
    folder: Path | None,
    host: str,
    port: int,
    processes: int | None,
    threads: int,
    add_user: str | None,
    role: str,
    password_stdin: bool,
) -> None:
    """Serve the dossier to a browser.

    \b
    trucewatch desk examples/idlib-2020
    trucewatch desk DIR --add-user amal --role admin
    TRUCEWATCH_SECRET=... trucewatch desk DIR --host 0.0.0.0 --port 8080
    """
    try:
        import waitress  # noqa: F401
    except ImportError as error:
        raise ModelMissing.extra("desk", "the desk's server is not installed") from error
    from trucewatch.desk.servers import prepare, serve

    folder = find_folder(folder)
    if add_user is None:
        serve(folder, host=host, port=port, threads=threads, processes=processes)
        return
    prepare(folder, host="127.0.0.1")
    _add(add_user, role, _password(password_stdin))


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _add(name: str, role: str, password: str) -> None:
    from django.contrib.auth.models import User

    from trucewatch.desk.access import make_user
    from trucewatch.desk.settings import SHORTEST_PASSWORD

    if len(password) < SHORTEST_PASSWORD:
        raise SettingsError("weak-password", f"a password needs {SHORTEST_PASSWORD} characters or more")
    if User.objects.filter(username=name).exists():
        raise SettingsError("user-exists", f"there is a user '{name}' already", todo="Choose another name.")
    make_user(name, password, role, author=getpass.getuser())
    click.echo(f"{name} may now log in as {role}.")
