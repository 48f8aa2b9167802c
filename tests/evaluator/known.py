"""What is known of everybody as of an instant, and of one person out of it?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from evaluator.asked import Asked, ours
from evaluator.chains import counting, left
from evaluator.declared import Declared
from evaluator.described import Described, ages
from evaluator.kept import holdings, sensitive_together
from evaluator.linked import Community, Person, members
from evaluator.orders import orders
from evaluator.times import ALWAYS, FOREVER, Span, Window, moment, within, without
from evaluator.told import Fact, Record, read


class Known:
    """A log as of an instant, read once for many questions. ``policy_files`` were adopted before it all."""

    def __init__(
        self, policy_files: Mapping[str, str], records: list[Record], as_of: datetime | None = None
    ) -> None:
        self.told = read(records, FOREVER if as_of is None else moment(as_of))
        self.recorded = max(moment(record.recorded_at) for record in records)
        self.as_of = self.told.until if as_of is None else moment(as_of)
        self.policy = Declared(self.told.policy or policy_files)
        self.accepted = left(self.told)
        self.facts = {subject: counting(facts) for subject, facts in self.accepted.items()}
        people = [f for subject, facts in self.facts.items() if subject is not None for f in facts]
        self.community = Community(people)
        self._everybody: list[Asked] = []

    def theirs(
        self, person: Person, facts: Mapping[str | None, list[Fact]], *, of_anybody: bool = False
    ) -> list[Fact]:
        """Those of some events that are the person's, cut to when they are (rulings.md 17 to 19)."""
        found = []
        for fact in members(facts, person):
            token = fact["subject"]
            household = [] if of_anybody else self.community.household_time(token)
            own = without(person.tokens[token], household)
            if parts := within(fact.span, own):
                found.append(replace(fact, parts=parts))
        return sorted(found, key=lambda fact: fact.order)

    def of_households(self, person: Person) -> list[Fact]:
        """The events around a person that are a household's, and nobody's answer."""
        times = dict(person.around)
        for token, spans in person.tokens.items():
            described = self.community.household_time(token)
            times[token] = [part for span in spans for part in within(span, described)]
        return [
            replace(fact, parts=parts)
            for token, spans in times.items()
            for fact in self.facts.get(token, [])
            if (parts := within(fact.span, spans))
        ]

    def asked(self, person: Person, window: Window, base: int, *, of_anybody: bool = False) -> Asked:
        """All that answers a question about a person."""
        theirs = self.theirs(person, self.facts, of_anybody=of_anybody)
        described = Described(
            person,
            tuple(fact for fact in theirs if fact["event"] == "ChoiceMade"),
            tuple(fact for fact in theirs if fact["event"] == "SubjectDescribed"),
            ages(members(self.facts, person), self.policy.zone),
        )
        cuts = [base, *self.cuts(described)]
        facts = ours(theirs, cuts, self.policy)
        puts = holdings(facts, self.told.erasures, person, window.end, self.policy)
        return Asked(
            facts=facts,
            populations=ours(self.facts.get(None, []), cuts, self.policy),
            policy=self.policy,
            window=window,
            base=base,
            described=described,
            orders=orders(members(self.facts, person), self.as_of, self.policy),
            puts=puts,
            together=sensitive_together(puts, self.policy),
            cuts=cuts,
        )

    def cuts(self, described: Described) -> list[int]:
        """Every instant at which a verdict may change (rulings.md 4); one too many changes nothing."""
        moments = [fact.span.start for fact in (*described.choices, *described.descriptions)]
        edges = [stretch.start for stretch in self.community.stretches]
        return [*self.policy.boundaries, *moments, *edges, *(until for _, until in described.ages)]

    def everybody(self) -> list[Asked]:
        """Every token's own answer over all time, whosever it is, a household's too."""
        if not self._everybody:
            always = Window(ALWAYS, FOREVER)
            self._everybody = [
                self.asked(Person(token, tokens={token: [Span(*always)]}), always, ALWAYS, of_anybody=True)
                for token in self.facts
                if token is not None
            ]
        return self._everybody
