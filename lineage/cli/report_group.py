"""`lineage report`: the answer itself, and what is done with answers.

``lineage report SUBJECT …`` makes one; ``lineage report check …`` and its like are commands of their own.
They cannot be mixed up: a subject is a token, or an identifier after its namespace and a colon.
"""

from typing import Any

import click

from lineage.cli.report import command as answer
from lineage.cli.report_check import command as check
from lineage.cli.report_render import command as render


class ReportGroup(click.Group):
    """A group whose first word, when it is none of its commands, begins the command line of ``answer``."""

    def __init__(self, answer: click.Command, *commands: click.Command) -> None:
        super().__init__(answer.name, commands=list(commands), help=answer.help)
        self.answer = answer

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args and args[0] in (*self.commands, "-h", "--help"):
            return super().make_context(info_name, args, parent=parent, **extra)
        return self.answer.make_context(info_name, args, parent=parent, **extra)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        return super().get_command(ctx, cmd_name) or self.answer

    def invoke(self, ctx: click.Context) -> Any:
        return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.answer.format_help(ctx, formatter)
        self.format_commands(ctx, formatter)


command = ReportGroup(answer, check, render)
