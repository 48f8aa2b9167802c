"""Whatever a service lives through, what it was told is accepted is in the log: numbered without a hole, in
order, and covered.
"""

from collections import defaultdict
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from threading import Event as Signal

from hypothesis import given
from hypothesis import strategies as st
from looking import worlds_looked_at
from spooling import Service, child, ended

from lineage.logs import EmbeddedLog
from lineage.spool.delivering import deliver

HAPPENS = st.sampled_from(["lives", "is killed", "sends but dies", "drains", "clock jumps", "waits"])
"""What may happen to a service: a life with an orderly end, a killed one, a drainer that is killed between
sending and taking out, a drained spool, a clock put back, time.
"""


@worlds_looked_at(usually=12)
@given(st.lists(st.tuples(HAPPENS, st.integers(0, 9)), min_size=1, max_size=12))
def test_whatever_happens_each_accepted_event_is_told_once_and_coverage_has_no_hole(
    story: list[tuple[str, int]],
) -> None:
    with TemporaryDirectory() as folder:
        service = Service(Path(folder))
        accepted = sum(_happens(service, what, number) for what, number in story)
        service.drained()

        first_told = list(dict.fromkeys((e.incarnation, e.sequence) for e in service.events()))
        assert len({event.event_id for event in service.events()}) == len(first_told) == accepted
        numbers = defaultdict(list)
        for incarnation, sequence in first_told:
            numbers[incarnation].append(sequence)
        assert all(told == list(range(1, len(told) + 1)) for told in numbers.values())
        closed = {report.incarnation: report.last_sequence for report in service.reports() if report.closing}
        assert closed.items() >= {each: len(told) for each, told in numbers.items()}.items()
        _covers_without_a_hole(service)


def _happens(service: Service, what: str, number: int) -> int:
    """How many events it was told are accepted."""
    names = [f"account:{token_hex(4)}" for _ in range(number)]
    match what:
        case "lives":

            def lives() -> None:
                with service.publisher(heartbeat_seconds=0.0) as publisher:
                    for name in names:
                        publisher.record("sign_up", subject=name)

            assert ended(child(lives)) == 0
            return number
        case "is killed":
            service.killed(*names)
            return number
        case "sends but dies":
            with EmbeddedLog(service.log_path) as log:
                deliver(log, service.queue().oldest(number), Signal())
        case "drains":
            service.drained()
        case "clock jumps":
            service.clock.after(hours=-number)
        case "waits":
            service.clock.after(minutes=number)
    return 0


def _covers_without_a_hole(service: Service) -> None:
    told = sorted((report.covers_from, report.covers_until) for report in service.reports())
    assert all(begin <= end for begin, end in told)
    reached = told[0][1] if told else service.clock.now
    for begin, end in told:
        if begin < service.clock.now:  # what a clock told that was ahead lies in the future yet
            assert begin <= reached
        reached = max(reached, end)
