"""The real server: refuses to listen beyond loopback while the door stands open."""

from __future__ import annotations

import logging
import os
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from trucewatch.desk.crews import Post, keep_manned
from trucewatch.desk.settings import SECRET_VARIABLE, UPLOAD_LIMIT_BYTES, beyond_loopback, desk_settings
from trucewatch.running.dossiers import load_dossier
from trucewatch.store.opening import close_store, open_store
from trucewatch.terms.errors import SettingsError

if TYPE_CHECKING:
    from trucewatch.desk.offices import Office  # which loads models: Django must be set up before

MOST_PROCESSES = 8
BACKLOG = 1024


def prepare(folder: Path, *, host: str, url: str | None = None) -> None:
    """The store of the dossier is open and Django is set up for serving it on that host.

    Without a `url`, the database is the environment's, else the one `dossier.yaml` names, else the dossier's own file.
    """
    dossier = load_dossier(folder)
    settings = desk_settings(folder.resolve(), host=host, tiles=dossier.tiles)
    open_store(folder, url or dossier.database_url(), extra=settings)


def refuse_open_door(folder: Path, host: str) -> None:
    """Raises SettingsError where others can reach the desk and the dossier has no admin or no secret of its own."""
    if not beyond_loopback(host):
        return
    from trucewatch.desk.access import has_admin

    if not has_admin():
        raise SettingsError(
            "no-admin",
            f"the desk would listen on {host} with nobody to log in",
            where=str(folder),
            todo=f"Make an admin first: trucewatch desk {folder} --add-user NAME --role admin",
        )
    if not os.environ.get(SECRET_VARIABLE):
        raise SettingsError(
            "default-secret",
            f"the desk would listen on {host} with the secret that lies in the dossier's folder",
            todo=f"Set {SECRET_VARIABLE} to a random text of 32 characters or more.",
        )


def serve(
    folder: Path, *, host: str, port: int, url: str | None = None, threads: int = 4, processes: int | None = None
) -> None:
    """Serves until interrupted. The socket is bound before the first word is printed, so a taken port is an error.

    `processes` answer at once with that many cores, each with so many threads; without a number, as many as there are
    cores, and at most 8.
    """
    prepare(folder, host=host, url=url)
    refuse_open_door(folder, host)
    from trucewatch.desk.offices import found_office

    sockets = _listening(host, port)
    _load()
    close_store()  # a connection must not cross a fork
    shown = sockets[0].getsockname()[1]
    print(f"Trucewatch desk for {folder} on http://{host}:{shown}/  (Ctrl-C ends it)", flush=True)
    n = processes or min(MOST_PROCESSES, os.cpu_count() or 1)
    with tempfile.TemporaryDirectory(prefix="trucewatch-desk-") as hidden:  # which only this user may read
        office, words = found_office(Path(hidden)), (folder, host, url)
        keep_manned(
            [
                Post("uploads", _keep_uploads, words),
                Post("ledgers", _keep_ledgers, (*words, office)),
                *(Post(f"desk {i + 1}", _answer, (*words, office, sockets, threads)) for i in range(n)),
            ]
        )


def _listening(host: str, port: int) -> list[socket.socket]:
    """Sockets on every address of the host. Raises SettingsError where one is taken."""
    out: list[socket.socket] = []
    try:
        for family, kind, number, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            bound = socket.socket(family, kind, number)
            if os.name == "posix":  # elsewhere it would let two servers have one port
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            # with port 0 the first address takes a free one, and the others the same
            bound.bind((address[0], out[0].getsockname()[1] if out else port, *address[2:]))
            bound.listen(BACKLOG)
            out.append(bound)
    except OSError as error:
        raise SettingsError(
            "port-taken", f"cannot listen on {host}:{port}: {error.strerror}", todo="Choose another with --port."
        ) from error
    return out


def _load() -> None:
    """What every answer needs is in memory, to be shared by all processes."""
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    get_wsgi_application()
    _ = get_resolver().url_patterns


def _answer(
    folder: Path, host: str, url: str | None, office: Office, sockets: list[socket.socket], threads: int
) -> None:
    prepare(folder, host=host, url=url)
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    from trucewatch.desk.offices import ask_at

    ask_at(office)
    # that an answer waits for a thread is no fault, and would be said at every one of them
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    create_server(
        get_wsgi_application(),
        sockets=sockets,
        threads=threads,
        ident="trucewatch",
        max_request_body_size=UPLOAD_LIMIT_BYTES,
    ).run()


def _keep_ledgers(folder: Path, host: str, url: str | None, office: Office) -> None:
    prepare(folder, host=host, url=url)
    from trucewatch.desk.offices import keep_office

    keep_office(folder.resolve(), office)


def _keep_uploads(folder: Path, host: str, url: str | None) -> None:
    prepare(folder, host=host, url=url)
    from trucewatch.desk.uploading import have_uploads_read

    have_uploads_read(folder.resolve(), url)
