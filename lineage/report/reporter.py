"""Answers requests to know from one database, for one person or thousands at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb

from lineage.errors import Refused
from lineage.identity import NOTHING, Decided, Stopped, Who, resolve
from lineage.questions.prepared import FEW, Prepared
from lineage.report.asking import (
    ask_for_customer,
    ask_for_log_gaps,
    ask_for_people,
    ask_for_reasons,
    ask_for_silence,
    silent_about,
)
from lineage.report.explanation import every_line, explained, line_of
from lineage.report.for_customer import part_of
from lineage.report.found import Found
from lineage.report.given import NOT_REVIEWED, Person, Reviews, Row, reviewed
from lineage.report.request import Audience, Request
from lineage.report.state import Discarded, Projected, State, projected, state_of
from lineage.report.unsearched import unsearched
from lineage.window import Window, window


class Reporter:
    """The answers of one database.

    What is the same for everybody (the policy, the gaps of the log in a window) is asked once and kept until
    the projection moves on, or another instant is asked about. ``reader`` is a cursor of the store.

    ``decided``: what people decided about links, which every answer follows; ``reviews``: about events, by
    the token that was asked for; ``discarded``: about refused records. ``desk``: up to which position of the
    desk that is, to stand among the positions of each answer. All may be set between two answers.
    ``is_behind``: the store's; every answer then has the gap LAG.
    """

    def __init__(
        self,
        reader: duckdb.DuckDBPyConnection,
        decided: Decided = NOTHING,
        desk: Mapping[str, int] | None = None,
        reviews: Reviews = NOT_REVIEWED,
        discarded: Sequence[Discarded] = (),
        *,
        is_behind: bool = False,
    ) -> None:
        self._reader = reader
        self._is_behind = is_behind
        self.decided = decided
        self.reviews = reviews
        self.discarded = discarded
        self.desk = desk
        self._state: State | None = None
        self._prepared: dict[frozenset[str], Prepared | None] = {}
        self._prepared_under = ""
        self._log_gaps: dict[Window, list[Row]] = {}

    def report(self, requests: Sequence[Request], *, as_of: datetime | None = None) -> list[dict[str, Any]]:
        """A ``ccpa.know/1`` document for each request, as far as the log knew at ``as_of`` (default: now).

        In place of a document stands ``{"stopped": "TWO_ACCOUNTS"}`` where two accounts are one person at one
        instant: a person has to decide first (rulings.md 18).

        Raises:
            NoPolicy: no policy that can be read was adopted by then.
            Refused: a range that does not begin before its receipt.
            NotInOrder: a report came out as none may be; none is given.
        """
        found = self.find(requests, as_of=as_of)
        return [found.document(number) for number in range(len(requests))]

    def find(self, requests: Sequence[Request], *, as_of: datetime | None = None) -> Found:
        """What the documents for these requests are made of.

        Raises:
            NoPolicy: no policy that can be read was adopted by then.
            Refused: a range that does not begin before its receipt.
        """
        with self._one_moment():
            state = self._in_force(as_of)
            zone = state.policy.business.time_zone
            windows = [
                window(each.received, zone, since=each.since, everything=each.everything) for each in requests
            ]
            new = list(dict.fromkeys(each for each in windows if each not in self._log_gaps))
            if new:
                self._log_gaps |= ask_for_log_gaps(self._reader, state, new)
            people, taken_out = self._people([each.subject for each in requests], state)
            asked = [
                who if isinstance(who, Stopped) else self._person(request, who, window)
                for request, who, window in zip(requests, people, windows, strict=True)
            ]
            known = [each for each in asked if isinstance(each, Person)]
            prepared = self._planned(state, silent_about(known, state)) if len(known) <= FEW else None
            rows = iter(ask_for_people(self._reader, state, known, taken_out, prepared))
        answers = [(each, next(rows)) if isinstance(each, Person) else each for each in asked]
        gaps = {each: self._log_gaps[each] for each in windows}
        return Found(state, requests, answers, gaps, self.desk)

    def explain(self, request: Request, line: str, *, as_of: datetime | None = None) -> list[dict[str, Any]]:
        """What stands behind a line such as ``disclosed/0`` of the handler's copy of this answer.

        Raises:
            NoPolicy: no policy that can be read was adopted by then.
            Refused: there is no such line.
        """
        [document] = self.report([replace(request, audience=Audience.HANDLER)], as_of=as_of)
        line_of(document, line)
        return self.explain_lines(request, document, [line], as_of=as_of)[line]

    def explain_lines(
        self,
        request: Request,
        document: Mapping[str, Any],
        lines: Iterable[str] | None = None,
        *,
        as_of: datetime | None = None,
    ) -> dict[str, list[dict[str, Any]]]:
        """What stands behind each of these lines of the handler's copy, or behind every one.

        Raises:
            NoPolicy: no policy that can be read was adopted by then.
            Refused: there is no such line.
        """
        with self._one_moment():
            state, person, taken_out = self._alone(request, as_of)
            rows = ask_for_reasons(self._reader, state, person, taken_out)
        named = list(every_line(document) if lines is None else lines)
        return {name: explained(rows, *line_of(document, name), state.policy.digest) for name in named}

    def for_customer(
        self, request: Request, customer: str, *, as_of: datetime | None = None
    ) -> dict[str, Any]:
        """What one customer needs to answer the person itself: its own events, never another's (R-03).

        A stopped answer stays one.

        Raises:
            NoPolicy: no policy that can be read was adopted by then.
            Refused: the policy has no such customer.
        """
        [document] = self.report([replace(request, audience=Audience.HANDLER)], as_of=as_of)
        if "stopped" in document:
            return document
        with self._one_moment():
            state, person, taken_out = self._alone(request, as_of)
            if customer not in state.policy.parties.customers:
                raise Refused("The policy has no such customer. Name one of customers in parties.yaml.")
            rows = ask_for_customer(self._reader, state, person, taken_out, customer)
        return part_of(customer, document, rows)

    def _alone(
        self, request: Request, as_of: datetime | None
    ) -> tuple[State, Person, list[tuple[UUID, UUID]]]:
        """What a question about one person, whose answer was not stopped, is asked with."""
        state = self._in_force(as_of)
        [who], taken_out = self._people([request.subject], state)
        assert isinstance(who, Who)  # noqa: S101 (a stopped answer comes no further)
        zone = state.policy.business.time_zone
        asked = window(request.received, zone, since=request.since, everything=request.everything)
        return state, self._person(request, who, asked), taken_out

    def _person(self, request: Request, who: Who, window: Window) -> Person:
        return Person(who, window, reviewed(who, self.reviews), request.subject)

    def _people(
        self, subjects: Sequence[UUID], state: State
    ) -> tuple[list[Who | Stopped], list[tuple[UUID, UUID]]]:
        zone = ZoneInfo(state.policy.business.time_zone)
        return resolve(self._reader, subjects, state.projected.as_of, zone, self.decided)

    @contextmanager
    def _one_moment(self) -> Iterator[None]:
        """What is read inside is of one state of the database: the rows are those of the positions."""
        self._reader.begin()
        try:
            yield
        finally:
            self._reader.rollback()  # nothing was written

    def _in_force(self, as_of: datetime | None) -> State:
        reached = projected(self._reader, as_of, is_behind=self._is_behind)
        if self._state is None or reached != self._state.projected:
            self._state = self._state_of(reached, as_of)
            self._log_gaps = {}
        return replace(self._state, discarded=self.discarded)

    def _state_of(self, reached: Projected, as_of: datetime | None) -> State:
        state = replace(state_of(self._reader, reached, as_of), silent=ask_for_silence(self._reader))
        return replace(state, unsearched=unsearched(self._reader, state))

    def _planned(self, state: State, silent: frozenset[str]) -> Prepared | None:
        """None for the first question of a kind under a policy: a plan pays from the second one on."""
        if self._prepared_under != state.policy.digest:
            self._prepared_under, self._prepared = state.policy.digest, {}
        if silent not in self._prepared:
            self._prepared[silent] = None
        elif self._prepared[silent] is None:
            name = f"answer_{len(self._prepared)}"
            self._prepared[silent] = Prepared(self._reader, "answer", state.declared, silent, name)
        return self._prepared[silent]
