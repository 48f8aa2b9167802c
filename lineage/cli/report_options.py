"""Which options of `lineage report` go together?"""

from collections.abc import Collection

import click
from click.core import ParameterSource

from lineage.report.refusal import Reason, Refusal


def refuse_others(ctx: click.Context, beside: str, where: str, allowed: Collection[str]) -> None:
    """Nothing that was written may be ignored: ``beside`` an option only those ``allowed`` are.

    ``where``: the place at which the rest stands. ``allowed``: names of parameters.

    Raises:
        UsageError: another one is there. It is named, not its value.
    """
    given = [
        param.name.upper() if isinstance(param, click.Argument) else max(param.opts, key=len)
        for param in ctx.command.params
        if param.name is not None
        and param.name not in allowed
        and ctx.get_parameter_source(param.name) is ParameterSource.COMMANDLINE
        and ctx.params[param.name] is not None
    ]
    if given:
        raise click.UsageError(f"{', '.join(given)}: not beside {beside}. What is asked stands in {where}.")


def refusal_of(reason: str | None, facts: str | None) -> Refusal | None:
    """What ``--refuse`` and ``--facts`` say.

    Raises:
        UsageError: there is one without the other.
        Refused: the facts explain nothing.
    """
    if reason is None and facts is None:
        return None
    if reason is None or facts is None:
        raise click.UsageError("--refuse and --facts belong together: the person is told why.")
    return Refusal(Reason(reason), facts)
