"""Does everything hold when everything fails, for a minute?"""

import os
from random import SystemRandom

import pytest
from broker import NoBroker

from torture.tortured import torture

SECONDS = 60.0


@pytest.mark.kafka
def test_whatever_fails_each_confirmed_event_is_answered_once_and_archive_and_database_agree() -> None:
    seed = SystemRandom().randrange(2**32)
    try:
        result = torture(SECONDS, seed, rate=60)
    except NoBroker as error:
        if os.environ.get("LINEAGE_REQUIRE_KAFKA") == "1":
            raise
        pytest.skip(f"no Kafka broker of our own: {error}")

    assert result.holds, f"seed {seed}\n" + "\n".join(map(str, [*result.rows(), *result.unexplained]))
