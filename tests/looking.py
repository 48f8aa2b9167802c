"""How long do the property tests look, and at what?

Usually at few worlds, and at the same ones each time: a change is refused for what it did, not for what
chance found that day. ``LINEAGE_EXAMPLES=5000`` (``make explore``) looks at so many worlds each, new ones
every time. It says now and then how far it is, stops at the first world for which something does not hold,
makes that world as small as it can, and prints it.
"""

import os

from hypothesis import HealthCheck, Phase, settings

WANTED = int(os.environ.get("LINEAGE_EXAMPLES", "0"))
"""0: each test looks at as few worlds as it usually does."""

# How fast a machine draws a world says nothing about what is tested.
settings.register_profile(
    "any machine", derandomize=not WANTED, suppress_health_check=[HealthCheck.too_slow], deadline=None
)
settings.load_profile("any machine")


def worlds_looked_at(usually: int) -> settings:
    """For a property of worlds."""
    return settings(
        max_examples=WANTED or usually,
        deadline=None,
        # Making a world smaller takes minutes: only where one is looked for.
        phases=set(Phase) if WANTED else set(Phase) - {Phase.shrink, Phase.explain},
        report_multiple_bugs=False,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.filter_too_much,
            HealthCheck.data_too_large,
        ],
    )
