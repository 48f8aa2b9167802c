"""Is everything there that was told, once, wherever one looks?"""

from random import Random

from lineage.archive.form import ends as archived
from lineage.logs import Log
from torture import telling
from torture.found import Failed, Installation, archived_otherwise
from torture.result import Result


def count(result: Result, here: Installation, log: Log, chance: Random) -> None:
    """Add to the result what book, topic, archive, database, answers and proof say."""
    told = {each["id"] for each in telling.told(here.book)}
    confirmed = telling.confirmed(here.book)
    there = here.in_database()
    code, said = here.says("verify", "--database")
    if code:
        result.unexplained.append(f"lineage verify --database ended with {code}: {said}")
    result.figures |= {
        "events confirmed": len(confirmed),
        "events projected": len(there),
        "repeats": here.repeats(),
        "records archived": sum(archived(here.archive).values()),
    }
    result.must_be_zero |= {
        "nothing was told": int(not confirmed),
        "lost": len(confirmed - there.keys()),
        "doubled": sum(number > 1 for number in there.values()),
        "never confirmed": len(told - confirmed),
        "told by nobody": len(there.keys() - told),
        "parked": here.parked(),
        "archived otherwise than in the topic": archived_otherwise(here.archive, log),
        "exit code of verify --database": code,
    }
    try:
        result.must_be_zero["holes in what the spool tells"] = here.holes("till")
        result.must_be_zero["holes in what the outbox tells"] = here.holes("ledger")
        wrong, asked = here.wrongly_answered(chance)
        result.figures["people asked about"] = asked
        result.must_be_zero["people answered wrongly"] = wrong
        result.must_be_zero["rows that differ when rebuilt"] = here.differs_when_rebuilt()
    except Failed as error:
        result.must_be_zero["commands that failed"] = 1
        result.unexplained.append(str(error))
