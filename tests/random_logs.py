"""How might a log come to hold what happened? Numbers, reports, adoptions, and when each was recorded."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from evaluator import Record
from evaluator.times import EPOCH, micros, written
from hypothesis import strategies as st
from random_chances import Chances
from random_events import Json
from random_parties import PRODUCERS
from random_policies import Declaration
from random_stories import Stories

MINUTE = 60 * 1_000_000
DAY = 24 * 60 * MINUTE
EPOCH_2001 = 978_307_200_000_000


@dataclass
class Log(Chances):
    """Draws the records of a log. ``adopted``: the policies, the first before everything. ``last``: when the
    last window ends.
    """

    declared: Declaration
    adopted: list[dict[str, str]]
    stories: Stories
    last: int

    def numbered(self, events: list[Json]) -> tuple[list[Json], dict[tuple[str, str], int]]:
        """The events with producer, incarnation and number, and the last number of each incarnation."""
        last: dict[tuple[str, str], int] = {}
        out = []
        for event in events:
            producer = self.one(PRODUCERS)
            if self.untidy(12):
                producer = "stranger"
            life = (producer, self.one(self.declared.incarnations))
            last[life] = last.get(life, 0) + (2 if self.untidy(20) else 1)
            out.append(event | {"producer": producer, "incarnation": life[1], "sequence": last[life]})
        return out, last

    def reports(self, last: dict[tuple[str, str], int], at: int) -> list[Json]:
        """What the producers report at the end, in one or two stretches."""
        lives = dict(last)
        for producer in PRODUCERS:
            if not any(each == producer for each, _ in lives):
                lives[producer, self.declared.incarnations[0]] = 0
        out = []
        for (producer, incarnation), number in lives.items():
            if self.untidy(5):
                continue
            closing = self.seldom(4)
            stretches = [(EPOCH_2001, at)]
            if not self.tidy and self.draw(st.booleans()):
                some = [self.stories.at() for _ in range(3)]
                bounds = sorted([*some, min(at, self.stories.at())])
                stretches = [(bounds[0], bounds[1]), (bounds[2], bounds[3])]
            for start, end in stretches:
                out.append(
                    {
                        "event": "ProducerReported",
                        "producer": producer,
                        "incarnation": incarnation,
                        "last_sequence": number + (1 if self.untidy(12) else 0),
                        "covers_from": written(start),
                        "covers_until": written(end),
                        "occurred_at": written(end),
                        "closing": closing and end == stretches[-1][1],
                    }
                )
        return out

    def records(self) -> list[Record]:
        """Everything recorded, in order: at once when it happened, or all of it late."""
        told = self.stories.told()
        live = self.seldom(3)
        if live:
            told.sort(key=_over)
        events, last = self.numbered(told)
        end = self.last + self.one([0, 0, 1, DAY])
        if self.untidy(6):
            end = self.stories.at()
        at = end
        if self.untidy(4):
            at = min(at - len(events) * MINUTE, self.stories.at())
        if live:
            at = _over(events[0])
            end = max(end, *map(_over, events))
        out: list[Record] = []
        adoptions = sorted(self.draw(st.integers(0, len(events) - 1)) for _ in self.adopted[1:])
        for number, event in enumerate(events):
            at = max(at, _over(event)) if live else at
            for n, _ in filter(lambda each: each[1] == number, enumerate(adoptions, start=1)):
                out.append(Record(instant(at), adoption(self.adopted[n], at)))
            out.append(Record(instant(at), event))
            if self.untidy(40):
                out.append(Record(instant(at), None, self.one([*self.stories.people, None])))
            at = min(at + self.one([0, 1, MINUTE, MINUTE]), end)
        reports = [Record(instant(end), each) for each in self.reports(last, end)]
        reports = [r for r in reports if r.event and r.event["occurred_at"] <= written(end)]
        if not reports:
            out.append(replace(out[-1], recorded_at=instant(end)))
        return out + reports


def _over(event: Json) -> int:
    """When an event is over, as far as anybody could know when it was told."""
    return micros(event.get("occurred_until") or event["occurred_at"])


def instant(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


def adoption(files: dict[str, str], at: int) -> Json:
    life = {"producer": "policy", "incarnation": "00000000-0000-4000-8000-00000000000a"}
    return {"event": "PolicyAdopted", "occurred_at": written(at), "files": files, **life}
