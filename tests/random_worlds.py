"""What might a business declare, log and be asked? Small worlds whose times cluster on every boundary.

A world is a policy, the records of a log, and questions. It holds what one token can meet without links,
corrections, roles, exemptions, gags and populations.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from evaluator import Record
from evaluator.times import EPOCH, boundary, window, written
from hypothesis import strategies as st
from random_policies import (
    ELEMENTS,
    PRODUCERS,
    PURPOSES,
    RECIPIENTS,
    SOURCES,
    SYSTEMS,
    Declaration,
    declarations,
)
from worlds import as_token

T = TypeVar("T")
Json = dict[str, Any]
MINUTE = 60 * 1_000_000
DAY = 24 * 60 * MINUTE
SUBJECTS = tuple(str(as_token(0xA11CE + (n << 90))) for n in range(3))
"""Two whom things happen to, and one whom hardly anybody names."""

RECEIPTS = (
    ("2026-06-15T10:00-07:00", "2026-06-15", "2026-06-14T23:59:59.999999-07:00"),
    ("2026-03-01T05:30Z", "2026-02-28", "2026-03-01"),
    ("2024-02-29", "2024-02-29T12:00-08:00", "2025-02-28"),
    ("2026-03-08T09:59:59Z", "2026-03-08", "2025-11-02"),
    ("2025-03-09T03:00:00.000001-07:00", "2025-11-02T01:30-08:00", "2026-06-15T17:00:00Z"),
)


@dataclass(frozen=True)
class World:
    """``policy`` was adopted first, before all records. ``tidy``: nothing is missing from the log."""

    policy: dict[str, str]
    records: list[Record]
    received: tuple[str, ...]
    tidy: bool
    subjects: tuple[str, ...] = SUBJECTS


class Maker:
    """Draws one world. ``tidy`` worlds have complete coverage, so that negatives are said."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.tidy = draw(st.booleans())
        self.received = draw(st.sampled_from(RECEIPTS))
        self.declared: Declaration = draw(declarations(tidy=self.tidy))
        self.adopted = [self.declared.files()]
        if self.seldom(6):
            other: Declaration = draw(declarations(tidy=self.tidy))
            self.adopted = self.one(
                [[other.files(), *self.adopted], [*self.adopted, other.files(), *self.adopted]]
            )
        zone = ZoneInfo(self.declared.zone)
        windows = [window(each, zone) for each in self.received]
        edges = [at for each in windows for at in each]
        edges += [boundary(text, zone) for text in self.declared.boundaries]
        inside = [windows[0].start + n * 40 * DAY for n in (1, 4, 7)]
        before = [windows[0].start - n * 100 * DAY for n in (1, 3)]
        self.last = max(each.end for each in windows)
        near = {at + by for at in edges for by in (-1, 0, 1)}
        self.moments = sorted(at for at in near | {*inside, *before} if at <= self.last + 1)
        self.next_id = 0
        few = st.lists(st.sampled_from(DATED), min_size=2, max_size=4, unique=True)
        self.of = draw(few) if draw(st.booleans()) else list(ELEMENTS)
        left_out = self.one(["membership", "loyalty_no", None])
        self.everything = [word for word in ELEMENTS if word != left_out]

    def one(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))

    def some(self, options: Sequence[T], most: int = 3, least: int = 1) -> list[T]:
        return self.draw(st.lists(st.sampled_from(options), min_size=least, max_size=most))

    def seldom(self, one_in: int = 8) -> bool:
        return self.draw(st.integers(0, one_in - 1)) == one_in - 1

    def untidy(self, one_in: int = 8) -> bool:
        return not self.tidy and self.seldom(one_in)

    def at(self) -> int:
        return self.one(self.moments)

    def word(self, options: Sequence[str]) -> str:
        return "mystery" if self.untidy(30) else self.one(options)

    def times(self, kind: str) -> Json:
        start = self.one(self.moments[len(self.moments) // 2 :]) if kind == "Deleted" else self.at()
        if kind in ("Collected", "Used", "Shared", "Corrected", "Deleted") and self.seldom(3):
            if self.seldom(4):
                return {"occurred_at": written(start), "ongoing": True}
            later = [at for at in self.moments if at > start] or [start + 1]
            return {"occurred_at": written(start), "occurred_until": written(self.one(later))}
        return {"occurred_at": written(start)}

    def event(self) -> Json:
        kind = self.one(KINDS)
        self.next_id += 1
        made = self.times(kind) | {
            "event": kind,
            "event_id": f"019{self.next_id * 7919 % 9973:05x}-0000-7000-8000-{self.next_id:012x}",
            "subject": self.one([SUBJECTS[0], SUBJECTS[0], *SUBJECTS[:2]]),
            "namespace": "account",
            "system": self.one(
                [*SYSTEMS, "attic"] if self.seldom() else ["shop", "shop", "shop", "crm", "lake"]
            ),
        }
        if self.seldom(4):
            made["count"] = self.one([2, 7])
        own: Json = getattr(self, f"_{kind}")()
        return made | own

    def elements(self) -> list[str]:
        return ["mystery"] if self.untidy(30) else self.some(self.of)

    def purposes(self) -> list[str]:
        return ["mystery"] if self.untidy(30) else self.some(PURPOSES, self.one([1, 1, 1, 3]))

    def _Collected(self) -> Json:
        purposes = [] if self.untidy(20) else self.purposes()
        return {"elements": self.elements(), "source": self.word(SOURCES), "purposes": purposes}

    def _Used(self) -> Json:
        operation = self.one(["USED", "CONSULTED", "STORED", "COMBINED", "DECIDED", "RESTORED", "STORED"])
        return {"elements": self.elements(), "purposes": self.purposes(), "operation": operation}

    def _Shared(self) -> Json:
        occasion = self.one(OCCASIONS)
        made = {
            "elements": self.elements(),
            "recipient": self.word(RECIPIENTS),
            "purposes": [] if self.seldom(10) else self.purposes(),
            "consideration": self.one(["NONE", "NONE", "MONEY", "OTHER_VALUE", "UNKNOWN"]),
            "occasion": occasion,
        }
        if occasion == "OPT_OUT_SIGNAL" and self.draw(st.booleans()):
            made["elements"] = self.some(["email_address", "full_name", "membership"])
        if self.seldom(6):
            made["outcome"] = "DENIED"
        if occasion != "ORDINARY" and self.draw(st.booleans()):
            made["claim_evidence"] = "doc:1"
        if occasion != "ORDINARY" and self.draw(st.booleans()):
            made["legal_document"] = "doc:2"
        if occasion == "ORDINARY" and self.seldom():
            made["claim_evidence"] = "doc:3"
        return made

    def _Corrected(self) -> Json:
        return {"elements": self.elements()}

    def _Deleted(self) -> Json:
        made: Json = {
            "elements": self.some(self.of) if self.seldom(3) else self.everything,
            "reason": self.one(["ROUTINE", "REQUEST", "HOLD_ENDED"]),
        }
        if self.seldom(4):
            made["collected_before"] = written(self.at())
        return made

    def _SubjectDescribed(self) -> Json:
        return self.one(
            [{"customer": "county"}, {"customer": "city"}, {"residency": "CA"}, {"kinds": ["USER"]}]
        )

    def _ChoiceMade(self) -> Json:
        return {"choice": self.one(["OPT_OUT", "LIMIT_SENSITIVE", "OPT_IN", "CONSENT_GIVEN"])}

    def _RecipientNotified(self) -> Json:
        return {
            "recipient": self.word(RECIPIENTS),
            "about": self.one(["DELETION", "DELETION", "OPT_OUT"]),
            "elements": self.some(self.of, least=0) if self.seldom(4) else self.everything,
            "outcome": self.one(["ACKNOWLEDGED", "ACKNOWLEDGED", "SENT", "REFUSED"]),
        }

    def again(self, event: Json) -> Json:
        """The event resent: the same content, or another one under its id, or its id with another person."""
        how = self.one(
            ["same", "same", "sent otherwise"] + ([] if self.tidy else ["other content"]) + ["other person"]
        )
        twin = dict(event)
        if how == "sent otherwise":
            twin |= {"origin": "RECONSTRUCTED", "claim_evidence": "doc:9"}
            for key in ("elements", "purposes"):
                if event.get(key):
                    twin[key] = [*reversed(event[key]), event[key][0]]
        if how == "other content":
            twin["count"] = event.get("count", 1) + 1
        if how == "other person":
            twin["subject"] = self.one(SUBJECTS)
        return twin

    def told(self) -> list[Json]:
        events: list[Json] = []
        for _ in range(self.draw(st.integers(4, 18))):
            events.append(self.again(self.one(events)) if events and self.seldom(8) else self.event())
        return events + (self.swept() if self.seldom(3) else [])

    def swept(self) -> list[Json]:
        """Everything of one person deleted everywhere, so that little is left that may still be held."""
        at, reason = (
            self.one(self.moments[len(self.moments) // 2 :]),
            self.one(["REQUEST", "REQUEST", "ROUTINE"]),
        )
        everything = {"subject": SUBJECTS[0], "namespace": "account", "elements": self.everything}
        deletions = [
            {"event": "Deleted", "occurred_at": written(at), "system": system, "reason": reason} | everything
            for system in (*SYSTEMS, "attic")
        ]
        notices = [
            {"event": "RecipientNotified", "occurred_at": written(at + 1), "recipient": recipient}
            | {"about": "DELETION", "outcome": "ACKNOWLEDGED", "system": "shop"}
            | everything
            for recipient in (RECIPIENTS if self.draw(st.booleans()) else ())
        ]
        swept = [*deletions, *notices]
        return [event | {"event_id": f"01a00000-0000-7000-8000-{n:012x}"} for n, event in enumerate(swept)]

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
                bounds = sorted([self.at(), self.at(), self.at(), min(at, self.at())])
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
        """Everything recorded, in order; mostly after it happened, now and then before the window ends."""
        events, last = self.numbered(self.told())
        end = self.last + self.one([0, 0, 1, DAY])
        if self.untidy(6):
            end = self.at()
        at = end
        if self.untidy(4):
            at = min(at - len(events) * MINUTE, self.at())
        out: list[Record] = []
        adoptions = sorted(self.draw(st.integers(0, len(events) - 1)) for _ in self.adopted[1:])
        for number, event in enumerate(events):
            for n, _ in filter(lambda each: each[1] == number, enumerate(adoptions, start=1)):
                out.append(Record(instant(at), adoption(self.adopted[n], at)))
            out.append(Record(instant(at), event))
            if self.untidy(40):
                out.append(Record(instant(at), None, self.one([*SUBJECTS, None])))
            at = min(at + self.one([0, 1, MINUTE, MINUTE]), end)
        reports = [Record(instant(end), each) for each in self.reports(last, end)]
        reports = [r for r in reports if r.event and r.event["occurred_at"] <= written(end)]
        if not reports:
            out.append(replace(out[-1], recorded_at=instant(end)))
        return out + reports


DATED = ("loyalty_no", "membership", "full_name", "gps_point", "card_pan")
"""What a policy may date, override and call by two names; a world of these few has them meet."""

EPOCH_2001 = 978_307_200_000_000
KINDS = (
    *["Shared"] * 5,
    *["Collected"] * 5,
    *["Used"] * 2,
    *["Deleted"] * 3,
    "Corrected",
    "SubjectDescribed",
    "ChoiceMade",
    "RecipientNotified",
)
OCCASIONS = (
    *["ORDINARY"] * 7,
    "CONSUMER_DIRECTED",
    "SWITCHING",
    "OPT_OUT_SIGNAL",
    "MERGER",
    "LEGAL_PROCESS",
    "EMERGENCY",
)


def instant(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


def adoption(files: dict[str, str], at: int) -> Json:
    life = {"producer": "policy", "incarnation": "00000000-0000-4000-8000-00000000000a"}
    return {"event": "PolicyAdopted", "occurred_at": written(at), "files": files, **life}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any small world."""
    maker = Maker(draw)
    return World(maker.adopted[0], maker.records(), maker.received, maker.tidy)
