"""Every command there is, by the path it is called by."""

from __future__ import annotations

from collections.abc import Iterator

import click

from trucewatch.cli.main import trucewatch


def _under(of: click.Command, path: str, parent: click.Context | None = None) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(of, info_name=path.split()[-1], parent=parent)
    yield path, of
    if isinstance(of, click.Group):
        for name in of.list_commands(context):
            if (found := of.get_command(context, name)) is not None:
                yield from _under(found, f"{path} {name}", context)


ALL = dict(_under(trucewatch, "trucewatch"))
