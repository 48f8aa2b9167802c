"""What was decided, and who read whom? The one class that the rest of the program asks."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from lineage.desk.case import Case
from lineage.desk.errors import ChangedMeanwhile
from lineage.desk.issued import Issued, IssuedReport, issued
from lineage.desk.operating import OperatingDesk
from lineage.desk.parked import ParkedDecided, ParkedDecision, discarded
from lineage.desk.records import Access, Decided, Decision, LinkDecision, Noted, Review
from lineage.desk.store import in_our_words
from lineage.identity import Decided as DecidedLinks
from lineage.identity import Verdict
from lineage.report.gate import UNVERIFIED
from lineage.report.request import Request
from lineage.report.state import Discarded

POSITION: Final = "desk"
"""The desk's name among the positions of a report."""

_DECISIONS: Final = uuid5(NAMESPACE_OID, "lineage.desk.decisions")
_TRIES: Final = 5  # readings of one person at the same moment: the later one takes the next place


class Desk(OperatingDesk):
    """Cases, issued reports, decisions and the access log of one installation."""

    # Cases

    def open_case(self, case: Case) -> UUID:
        """Keep a new case; its id."""
        self.keep(case)
        return case.id

    def case(self, id: UUID) -> Case:
        """Raises Refused when there is none."""
        return self.one(Case, id, "case")

    @contextmanager
    def changing(self, id: UUID) -> Iterator[Case]:
        """The case, to decide something in it; kept when the block ends without an error.

        Raises:
            Refused: there is none.
            ChangedMeanwhile: somebody else decided something in it at the same moment.
        """
        case = self.case(id)
        yield case
        self.keep(case)

    def cases(self) -> Iterator[Case]:
        """All cases, the newest first."""
        for found in self.newest("Case.Opened"):
            yield self.case(found.originator_id)

    # Reports

    def issue(
        self,
        document: Mapping[str, Any],
        request: Request,
        *,
        positions: Mapping[str, int],
        because: str = UNVERIFIED,
        by: str,
        at: datetime,
    ) -> UUID:
        """Keep a final document; its id. One that is for release stands as released in its case.

        ``positions``: of the log's partitions and of the desk, when it was made. ``because``: the ground that
        the gate was given.
        """
        report = IssuedReport.issue(document, request, positions=positions, because=because, by=by, at=at)
        if document["for_release"]:
            case = self.case(UUID(document["request"]["id"]))
            case.release(document["digest"], by=by, at=at)
            self.keep(report, case)
        else:
            self.keep(report)
        return report.id

    def report(self, id: UUID) -> IssuedReport:
        """Raises Refused when there is none."""
        return self.one(IssuedReport, id, "report")

    def reports(self, subject: UUID | None = None) -> Iterator[Issued]:
        """All reports, or those about one token, the newest first; not what they say."""
        for found in self.newest("Report.Issued"):
            one = issued(found.originator_id, vars(found))
            if subject is None or one.request.subject == subject:
                yield one

    def decide_supplements(
        self, about: Mapping[UUID, str], decision: str, *, reason: str, by: str, at: datetime
    ) -> None:
        """One decision for all: report id -> the ``answer_digest`` that it would have today. All or none."""
        reports = [self.report(id) for id in about]
        for report in reports:
            report.decide_supplement(decision, about[report.id], reason=reason, by=by, at=at)
        self.keep(*reports)

    # Decisions

    def decide(self, decision: Decision) -> int:
        """Keep it; the desk's position from now on.

        Raises:
            ChangedMeanwhile: somebody else decided something at the same moment.
        """
        place = self.version(_DECISIONS, Decided) + 1
        told = asdict(decision)
        if isinstance(decision, ParkedDecision):
            self.keep(self.stream(_DECISIONS, ParkedDecided).trigger_event(place, **told))
            return place
        is_review = isinstance(decision, Review)
        other = told.pop("event_id" if is_review else "other")
        log = self.stream(_DECISIONS, Decided)
        self.keep(log.trigger_event(place, **told, other=other, about="EVENT" if is_review else "LINK"))
        return place

    def decisions(self, until: int | None = None) -> list[Decision]:
        """The decisions in their order, up to a position. On the same thing the latest holds."""
        with in_our_words():
            return [each.decision() for each in self.stream(_DECISIONS, Decided).get(lte=until)]

    def reviews(self, until: int | None = None) -> dict[tuple[UUID, UUID], Review]:
        """What holds of each (subject, event id) that was reviewed."""
        found = (each for each in self.decisions(until) if isinstance(each, Review))
        return {(each.subject, each.event_id): each for each in found}

    def reviewed(self, until: int | None = None) -> dict[UUID, list[tuple[UUID, str]]]:
        """The same by token, as answers follow it: each event with what it was decided to be."""
        found: dict[UUID, list[tuple[UUID, str]]] = {}
        for (subject, event_id), review in self.reviews(until).items():
            found.setdefault(subject, []).append((event_id, review.decided))
        return found

    def links(self, until: int | None = None) -> dict[frozenset[UUID], LinkDecision]:
        """What holds of each pair of tokens that was decided, in the order of the decisions that hold."""
        found: dict[frozenset[UUID], LinkDecision] = {}
        for each in self.decisions(until):
            if isinstance(each, LinkDecision):
                pair = frozenset((each.subject, each.other))
                found.pop(pair, None)  # it takes its place behind those that were decided in between
                found[pair] = each
        return found

    def verdicts(self, until: int | None = None) -> DecidedLinks:
        """The same, as answers follow it."""
        return {pair: Verdict(each.decided) for pair, each in self.links(until).items()}

    def discarded(self, until: int | None = None) -> tuple[Discarded, ...]:
        """The refused records that are no events, as answers follow it."""
        return discarded(each for each in self.decisions(until) if isinstance(each, ParkedDecision))

    def positions(self) -> dict[str, int]:
        """The number of decisions: what a report has to name so that it can be made again.

        Reading, opening a case and issuing change no answer and do not count.
        """
        return {POSITION: self.version(_DECISIONS, Decided)}

    # Readings

    def note(self, accesses: Iterable[Access]) -> None:
        """Keep who read whom; all or none."""
        accesses = list(accesses)
        for left in reversed(range(_TRIES)):
            try:
                self.keep(*self._noted(accesses))
            except ChangedMeanwhile:
                if not left:
                    raise
            else:
                return

    def accesses(self, subject: UUID | None = None, limit: int | None = None) -> list[Access]:
        """Who read whom, or who read this person: the latest first, at most ``limit``."""
        if subject is None:
            return [each.access() for each in islice(self.newest(Noted.TOPIC), limit)]
        with in_our_words():
            found = self.stream(_readings_of(subject), Noted).get(desc=True, limit=limit)
            return [each.access() for each in found]

    def _noted(self, accesses: Iterable[Access]) -> list[Noted]:
        places: dict[UUID, int] = {}
        events = []
        for access in accesses:
            log = _readings_of(access.subject)
            if log not in places:
                places[log] = self.version(log, Noted)
            places[log] += 1
            events.append(self.stream(log, Noted).trigger_event(places[log], **asdict(access)))
        return events


def _readings_of(subject: UUID) -> UUID:
    """The stream of one person's readings."""
    return uuid5(subject, "lineage.desk.readings")
