"""`crossdock sandbox`: the simulated systems as servers, and what people do in them."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from crossdock.cli.sandbox import clock, ls, oms, order
from crossdock.cli.sandbox.desk import default_port
from crossdock.cli.sandbox.proxy import proxy
from crossdock.cli.sandbox.serve import serve

__all__ = ["add_to", "default_port"]


class _ServesByDefault(TyperGroup):
    """``crossdock sandbox shopee`` serves: a word that names no command is a plugin to be served."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where it is left out. Typer keeps the type of `ctx` to itself."""
        named = {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, args if args and args[0] in named else ["serve", *args])


app = typer.Typer(
    cls=_ServesByDefault, help="Serve simulated systems (crossdock sandbox [NAME]...), or act in those that run."
)
app.command("serve")(serve)
app.command("proxy")(proxy)
app.add_typer(order.app, name="order")
app.add_typer(ls.app, name="ls")
app.add_typer(oms.app, name="oms")
app.command("clock")(clock.clock)


def add_to(root: typer.Typer) -> None:
    """Add the group to the command."""
    root.add_typer(app, name="sandbox")
