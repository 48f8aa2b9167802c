"""What is wrong with an event on its way in, by a policy, or where no policy says which words there are?"""

from collections.abc import Callable

from lineage.events import Event
from lineage.policy import Policy
from lineage.policy.check import Checker

Check = Callable[[Event], list[str]]


class Everything(frozenset[str]):
    """Knows every word, so that a check by it leaves the words alone and looks at the rest."""

    def __contains__(self, word: object) -> bool:
        return True

    def __or__(self, other: object) -> "Everything":
        return self


def check_of(policy: Policy | None, *, words: bool = True) -> Check:
    """The check of an event. Without ``words``, or without a policy, any word is taken; the rest (no
    elements, values that look personal, a customer's data without the customer) is checked all the same."""
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
