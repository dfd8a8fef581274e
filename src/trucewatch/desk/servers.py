"""The real server: refuses to listen beyond loopback while the door stands open."""

from __future__ import annotations

import os
from pathlib import Path

from trucewatch.desk.settings import SECRET_VARIABLE, UPLOAD_LIMIT_BYTES, beyond_loopback, desk_settings
from trucewatch.running.dossiers import load_dossier
from trucewatch.store.opening import open_store
from trucewatch.terms.errors import SettingsError


def prepare(folder: Path, *, host: str, url: str | None = None) -> None:
    """The store of the dossier is open and Django is set up for serving it on that host.

    Without a `url`, the database is the environment's, else the one `dossier.yaml` names, else the dossier's own file.
    """
    address = url or load_dossier(folder).database_url()
    open_store(folder, address, extra=desk_settings(folder.resolve(), host=host))


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


def serve(folder: Path, *, host: str, port: int, url: str | None = None, threads: int = 8) -> None:
    """Serves until interrupted. The socket is bound before the first word is printed, so a taken port is an error."""
    prepare(folder, host=host, url=url)
    refuse_open_door(folder, host)
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    try:
        server = create_server(
            get_wsgi_application(),
            host=host,
            port=port,
            threads=threads,
            ident="trucewatch",
            max_request_body_size=UPLOAD_LIMIT_BYTES,
        )
    except OSError as error:
        raise SettingsError(
            "port-taken", f"cannot listen on {host}:{port}: {error.strerror}", todo="Choose another with --port."
        ) from error
    from trucewatch.desk.uploading import Foreman

    Foreman(folder.resolve(), url).start()
    print(f"Trucewatch desk for {folder} on http://{host}:{server.effective_port}/  (Ctrl-C ends it)", flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()
