"""Against which policy are events checked on their way in? The one named, else the one adopted last."""

from pathlib import Path

import click

from lineage.adopting import last_adopted
from lineage.lines import Check
from lineage.logs import Log
from lineage.policy import Policy, load
from lineage.policy.check import Checker


class Everything(frozenset[str]):
    """Knows every word, so that a check by it leaves the words alone and looks at the rest."""

    def __contains__(self, word: object) -> bool:
        return True

    def __or__(self, other: object) -> "Everything":
        return self


def checking(log: Log, folder: Path | None, *, words: bool = True, history: bool = False) -> Check:
    """The check of an event. Without ``words``, and where no policy is known, any word is taken; the rest (no
    elements, values that look personal, a customer's data without the customer) is checked all the same. A
    ``history`` is older than the policy: only what no policy decides is checked."""
    policy = None if history else _policy(log, folder)
    if policy is not None and words:
        return policy.problems
    systems = policy.business.systems.values() if policy is not None else ()
    known = Everything()
    return Checker(
        elements=known,
        sources=known,
        recipients=known,
        customers=known,
        purposes=known,
        activities=known,
        customer_systems=frozenset(system.id for system in systems if system.customer_data),
    ).problems


def _policy(log: Log, folder: Path | None) -> Policy | None:
    if folder is not None:
        return load(folder)
    adopted = last_adopted(log)
    if adopted is None:
        click.echo(
            "lineage: no policy was adopted lately, none is named by --policy: words are not checked",
            err=True,
        )
    return adopted
