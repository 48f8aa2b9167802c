"""What might a business declare, log and be asked? Small worlds whose times cluster on every boundary.

A world is a policy, the records of a log, and questions as of instants.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from evaluator import Question, Record
from evaluator.released import BLOCKS, RELEASES
from evaluator.times import Window, boundary, floor, window, written
from hypothesis import strategies as st
from random_chances import Chances
from random_events import ANA, BEN, THEMES, TOKENS
from random_logs import DAY, Log
from random_parties import ELEMENTS
from random_policies import Declaration, declarations
from random_stories import Stories

DATED = ("loyalty_no", "membership", "full_name", "gps_point", "card_pan")
"""What a policy may date, override and call by two names; a world of these few has them meet."""

RECEIPTS = (
    ("2026-06-15T10:00-07:00", "2026-06-15", "2026-06-14T23:59:59.999999-07:00"),
    ("2026-03-01T05:30Z", "2026-02-28", "2026-03-01"),
    ("2024-02-29", "2024-02-29T12:00-08:00", "2025-02-28"),
    ("2026-03-08T09:59:59Z", "2026-03-08", "2025-11-02"),
    ("2025-03-09T03:00:00.000001-07:00", "2025-11-02T01:30-08:00", "2026-06-15T17:00:00Z"),
)


@dataclass(frozen=True)
class World:
    """``policy`` was adopted first, before all records. ``as_of``: None for all that is recorded."""

    policy: dict[str, str]
    records: list[Record]
    questions: list[Question]
    as_of: tuple[datetime | None, ...] = (None,)


class Maker(Chances):
    """Draws one world. ``tidy`` worlds have complete coverage, so that negatives are said."""

    def __init__(self, draw: st.DrawFn, always: Collection[str]) -> None:
        super().__init__(draw, draw(st.booleans()))
        self.themes = frozenset(theme for theme in THEMES if theme in always or self.seldom(3))
        self.received = self.one(RECEIPTS)
        self.declared: Declaration = draw(declarations(tidy=self.tidy))
        self.adopted = [self.declared.files()]
        if self.seldom(6):
            other: Declaration = draw(declarations(tidy=self.tidy))
            self.adopted = self.one(
                [[other.files(), *self.adopted], [*self.adopted, other.files(), *self.adopted]]
            )
        self.zone = ZoneInfo(self.declared.zone)
        self.windows = [window(each, self.zone) for each in self.received]
        self.longer = self.seldom(3)
        self.last = max(each.end for each in self.windows)
        self.people = [ANA, BEN]
        if "links" in self.themes:
            others = draw(st.lists(st.sampled_from(TOKENS[2:6]), min_size=1, max_size=3, unique=True))
            self.people = [*(self.one([[ANA], [ANA], [ANA, BEN]])), *others]
        self.stories = self._stories()

    def _stories(self) -> Stories:
        ends = {each.end for each in self.windows}
        moments = self._moments(self.windows)
        left_out = self.one(["membership", "loyalty_no", None])
        few = st.lists(st.sampled_from(DATED), min_size=2, max_size=4, unique=True)
        return Stories(
            draw=self.draw,
            tidy=self.tidy,
            people=self.people,
            words=self.draw(few) if self.draw(st.booleans()) else list(ELEMENTS),
            everything=[word for word in ELEMENTS if word != left_out],
            moments=moments,
            calm=[at for at in moments if at not in ends],
            themes=self.themes,
        )

    def _moments(self, windows: list[Window]) -> list[int]:
        edges = [at for each in windows for at in each]
        edges += [boundary(text, self.zone) for text in self.declared.boundaries]
        inside = [windows[0].start + n * 40 * DAY for n in (1, 4, 7)]
        before = [windows[0].start - n * 100 * DAY for n in (1, 3)]
        if self.longer:
            edges = [*(at for each in windows[:1] for at in each), floor(self.zone)]
            before.append(floor(self.zone) - 100 * DAY)
        near = {at + by for at in edges for by in (-1, 0, 1)}
        return sorted(at for at in near | {*inside, *before} if at <= self.last + 1)

    def questions(self) -> list[Question]:
        """A few people's requests at each receipt, mostly whole ones."""
        somebody = self.one([*self.people[1:], *self.people[1:], TOKENS[-1]])
        return [
            self.question(subject, received, base)
            for received, base in zip(self.received, self.windows, strict=True)
            for subject in (self.people[0], somebody)
        ]

    def question(self, subject: str, received: str, base: Window) -> Question:
        asked = Question(subject, received)
        if self.longer and self.seldom(2):
            asked = replace(asked, everything=True)
        elif self.longer and self.seldom(2):
            days = [written(at)[:10] for at in (base.start, base.start + 90 * DAY, base.start - 200 * DAY)]
            asked = replace(asked, since=self.one([*days, "2021-12-31", "2022-01-01", "2023-02-01"]))
        if self.seldom(4):
            asked = replace(asked, verification=self.one(sorted(RELEASES)))
        if self.seldom(5):
            some = self.draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=3, unique=True))
            asked = replace(asked, blocks=tuple(some))
        return asked


@st.composite
def worlds(draw: st.DrawFn, always: Collection[str] = ()) -> World:
    """Any small world, asked about as it is and as it was known at some instant; with these themes in it."""
    maker = Maker(draw, always)
    log = Log(draw, maker.tidy, maker.declared, maker.adopted, maker.stories, maker.last)
    records = log.records()
    times = sorted({record.recorded_at for record in records})
    between = [at + timedelta(microseconds=by) for at in times for by in (0, 1)]
    as_of = (None, maker.one(between)) if maker.seldom(2) else (None,)
    return World(maker.adopted[0], records, maker.questions(), as_of)
