"""Which events have been taken back? Superseded, retracted, or fallen with the branch they stood on.

An event may replace another (``supersedes``) or take one out (``EventRetracted``), by id, within one subject,
whatever its type and whatever the order in which they came (rulings.md 11, 12).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

UNTOUCHABLE = "SubjectErased"  # can be neither retracted nor superseded


@dataclass(frozen=True, slots=True)
class Said:
    """As much of an accepted event as corrections need."""

    event_id: UUID
    event: str
    recorded_at: datetime
    supersedes: UUID | None = None
    retracts: UUID | None = None


def taken_out(events: Sequence[Said]) -> frozenset[UUID]:
    """The ids, among one subject's events, of those that do not count any more.

    A retraction takes out one event; what stood on it is judged as if that one had never been sent. Where
    several replace one event, the branch of the one recorded last stands, of equals that with the larger id.
    Events that replace each other in a ring count for nothing, nor do retractions that do so.
    """
    if all(each.supersedes is None and each.retracts is None for each in events):
        return frozenset()
    return _Corrections(events).taken_out()


class _Corrections:
    """The events as a graph. A question that is not decided yet is answered with None."""

    def __init__(self, events: Sequence[Said]) -> None:
        self._known = {each.event_id: each for each in events}
        self._retracting: dict[UUID, list[Said]] = defaultdict(list)
        for each in events:
            if each.retracts is not None and self._may_be_touched(each.retracts):
                self._retracting[each.retracts].append(each)
        self._parents = {
            each.event_id: each.supersedes
            for each in events
            if each.supersedes is not None and self._may_be_touched(each.supersedes)
        }
        self._sent: dict[UUID, bool] = {}
        self._void: set[UUID] = set()  # retractions that hang on each other in a ring: none of them counts

    def taken_out(self) -> frozenset[UUID]:
        self._settle()
        while undecided := self._known.keys() - self._sent.keys():
            suspect = {each.event_id for one in undecided for each in self._retracting[one]} - self._void
            self._void |= {each for each in suspect if self._hangs_on_itself(each)} or suspect
            self._settle()
        chains = self._chains()
        return frozenset(
            each for each in self._known if not self._sent[each] or self._has_fallen(each, chains)
        )

    def _may_be_touched(self, event_id: UUID) -> bool:
        return event_id in self._known and self._known[event_id].event != UNTOUCHABLE

    def _settle(self) -> None:
        """Decide of each event whether a standing retraction takes it out, save what hangs in a ring."""
        while True:
            decided = {
                each: sent
                for each in self._known.keys() - self._sent.keys()
                if (sent := self._is_sent(each)) is not None
            }
            if not decided:
                return
            self._sent |= decided

    def _is_sent(self, event_id: UUID) -> bool | None:
        stand = [
            self._stands(each.event_id)
            for each in self._retracting[event_id]
            if each.event_id not in self._void
        ]
        if any(stand):
            return False
        return None if None in stand else True

    def _stands(self, event_id: UUID) -> bool | None:
        """Whether an event counts, once that is known of all it hangs on."""
        family = self._family(event_id)
        if any(each not in self._sent for each in family):
            return None if self._sent.get(event_id, True) else False
        return self._sent[event_id] and not self._has_fallen(event_id, self._chains(family))

    def _hangs_on_itself(self, event_id: UUID) -> bool:
        """Whether what takes this retraction out, or those it is tied to, leads back to what it retracts."""
        target = self._known[event_id].retracts
        seen: set[UUID] = set()
        to_look_at = [event_id]
        while to_look_at:
            one = to_look_at.pop()
            for tied in self._family(one) - seen:
                seen.add(tied)
                if tied == target:
                    return True
                to_look_at += [
                    each.event_id for each in self._retracting[tied] if each.event_id not in self._void
                ]
        return False

    def _family(self, event_id: UUID) -> set[UUID]:
        """Every event that is tied to this one by replacing, nearly or far."""
        children: dict[UUID, list[UUID]] = defaultdict(list)
        for child, parent in self._parents.items():
            children[parent].append(child)
        found, to_look_at = {event_id}, [event_id]
        while to_look_at:
            one = to_look_at.pop()
            above = self._parents.get(one)
            for each in (*children[one], *([above] if above is not None else [])):
                if each not in found:
                    found.add(each)
                    to_look_at.append(each)
        return found

    def _chains(self, among: Collection[UUID] | None = None) -> tuple[Mapping[UUID, UUID], Collection[UUID]]:
        """Who replaces whom, among the events that no retraction took out; and who stands in a ring."""
        edges = {
            child: parent
            for child, parent in self._parents.items()
            if (among is None or child in among) and self._sent[child] and self._sent[parent]
        }
        rings = {each for each in edges if _is_in_ring(each, edges)}
        return {
            child: parent for child, parent in edges.items() if child not in rings and parent not in rings
        }, rings

    def _has_fallen(self, event_id: UUID, chains: tuple[Mapping[UUID, UUID], Collection[UUID]]) -> bool:
        """Replaced by another, on a branch that another one outdoes, or in a ring."""
        parents, rings = chains
        if event_id in rings or event_id in parents.values():
            return True
        one = event_id
        while (parent := parents.get(one)) is not None:
            rivals = [child for child, other in parents.items() if other == parent]
            if max(rivals, key=lambda each: (self._known[each].recorded_at, each)) != one:
                return True
            one = parent
        return False


def _is_in_ring(event_id: UUID, edges: Mapping[UUID, UUID]) -> bool:
    seen: set[UUID] = set()
    one: UUID | None = edges.get(event_id)
    while one is not None and one not in seen:
        if one == event_id:
            return True
        seen.add(one)
        one = edges.get(one)
    return False
