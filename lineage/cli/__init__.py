"""What can be done from a terminal? One file a command; nothing is decided here.

A command is imported when it is asked for, so that ``lineage publish`` does not wait for the database.
"""

from importlib import import_module
from typing import Final

import click

from lineage import __version__
from lineage.cli.exits import reported

COMMANDS: Final = {
    "access-log": "lineage.cli.access_log",
    "archive": "lineage.cli.archive",
    "backfill": "lineage.cli.backfill",
    "backup": "lineage.cli.backup",
    "case": "lineage.cli.case",
    "checkpoint": "lineage.cli.checkpoint",
    "choices": "lineage.cli.choices",
    "consume": "lineage.cli.consume",
    "coverage": "lineage.cli.coverage",
    "demo": "lineage.cli.demo",
    "doctor": "lineage.cli.doctor",
    "explain": "lineage.cli.explain",
    "outbox": "lineage.cli.outbox",
    "parked": "lineage.cli.parked",
    "pieces": "lineage.cli.pieces",
    "policy": "lineage.cli.policy",
    "project": "lineage.cli.project",
    "publish": "lineage.cli.publish",
    "rebuild": "lineage.cli.rebuild",
    "reconcile": "lineage.cli.reconcile",
    "report": "lineage.cli.report_group",
    "reports": "lineage.cli.reports",
    "restore": "lineage.cli.restore",
    "reviews": "lineage.cli.reviews",
    "schemas": "lineage.cli.schemas",
    "secret": "lineage.cli.secret",
    "snapshot": "lineage.cli.snapshot",
    "spool": "lineage.cli.spool",
    "sql": "lineage.cli.sql",
    "timeline": "lineage.cli.timeline",
    "topic": "lineage.cli.topic",
    "verify": "lineage.cli.verify",
}
"""Command name -> module; the command is the object ``command`` in it."""


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found = import_module(COMMANDS[cmd_name]).command
        assert isinstance(found, click.Command)  # noqa: S101 (each module says so to mypy, the table cannot)
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with reported(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        with reported(ctx):
            return super().invoke(ctx)


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="lineage")
def main() -> None:
    """What happened to each person's data, and the answer the CCPA asks for.

    Settings come from the environment (LINEAGE_HOME, LINEAGE_LOG, …) and lineage.toml.

    \b
    Exit codes of every command:
      0  done
      1  some of the input was bad; the rest was done
      2  the command line was wrong
      3  stopped: a person has to decide
      4  the log or the database cannot be used now
    """
