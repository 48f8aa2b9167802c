"""What might a log tell of few people? Events that belong together: links, corrections, repeats."""

from dataclasses import dataclass

from evaluator.times import written
from random_events import NAMESPACE, Events, Json
from random_parties import RECIPIENTS, SYSTEMS


@dataclass
class Stories(Events):
    """Draws whole stories."""

    def told(self) -> list[Json]:
        events = [self.event() for _ in range(self.one(range(4, 18)))]
        if "links" in self.themes and len(self.people) > 1:
            events += [self.link() for _ in range(self.one(range(1, 6)))]
        if self.seldom(3):
            events += self.swept()
        if "chains" in self.themes:
            for _ in range(self.one(range(1, 7))):
                events = self.mended(events)
        for event in list(events):
            if self.seldom(8):
                events.append(self.again(event))
        return self.draw_order(events)

    def draw_order(self, events: list[Json]) -> list[Json]:
        """The events with some of them moved: no meaning depends on the order of the log."""
        for _ in range(self.one(range(4))):
            moved = events.pop(self.one(range(len(events))))
            events.insert(self.one(range(len(events) + 1)), moved)
        return events

    def link(self) -> Json:
        """Two of the people's tokens linked, or taken apart; two devices are never linked to each other."""
        subject = self.one(self.people)
        others = [
            each
            for each in self.people
            if each != subject and {NAMESPACE[each], NAMESPACE[subject]} != {"device"}
        ] or [each for each in self.people if each != subject]
        other = self.one(others)
        tokens = {"subject": subject, "namespace": NAMESPACE[subject]}
        tokens |= {"other": other, "other_namespace": NAMESPACE[other], "system": "shop"}
        return tokens | self.linked(self.one(["SubjectsLinked"] * 4 + ["SubjectsUnlinked"]))

    def linked(self, event: str) -> Json:
        """How, and since when, two tokens are linked or taken apart."""
        made: Json = {
            "event": event,
            "event_id": self.fresh_id(),
            "occurred_at": written(self.at()),
            "relation": self.one(["SAME_PERSON"] * 6 + ["HOUSEHOLD", "PARENT_OF"]),
            "evidence": self.one(["VERIFIED_LOGIN"] * 3 + ["VERIFIED_REQUEST", "DECLARED", "SAME_DEVICE"]),
        }
        low, high = sorted([self.at(), self.at()])
        if self.seldom(3) and low < high:
            made["until"] = written(high)
        if self.seldom(3):
            made["since"] = written(low)
        return made

    def mended(self, events: list[Json]) -> list[Json]:
        """One event replaced, retracted, or made to replace any other, even one that replaces it."""
        event = self.one(events)
        how = self.one(["replaced", "replaced", "retracted", "retracted", "tied"])
        subject = event.get("subject")
        if how == "retracted" and subject:
            retraction = self.whose(event) | {"event": "EventRetracted", "reason": "MISTAKE"}
            return [*events, retraction | {"retracts": event["event_id"]}]
        if how == "tied" and event["event"] != "SubjectErased":
            rivals = [each for each in events if each.get("subject") == subject]
            event["supersedes"] = self.one(rivals)["event_id"]
            return events
        if event["event"] in ("SubjectErased", "EventRetracted"):
            return events
        told_anew = event | self.linked(event["event"]) if "other" in event else self.event(event["event"])
        if subject:
            told_anew |= {"subject": subject, "namespace": event["namespace"]}
        return [*events, told_anew | {"supersedes": event["event_id"]}]

    def whose(self, event: Json) -> Json:
        return {
            "event_id": self.fresh_id(),
            "occurred_at": written(self.at()),
            "subject": event["subject"],
            "namespace": event["namespace"],
            "system": "shop",
        }

    def again(self, event: Json) -> Json:
        """The event resent: the same content, or another one under its id, or its id with another person."""
        hows = ["same", "same", "sent otherwise"] + ([] if self.tidy else ["other content"])
        how = self.one(hows + (["other person"] if event["event"] in ("Collected", "Shared", "Used") else []))
        twin = dict(event)
        if how == "sent otherwise":
            twin |= {"origin": "RECONSTRUCTED", "claim_evidence": "doc:9"}
            for key in ("elements", "purposes"):
                if event.get(key):
                    twin[key] = [*reversed(event[key]), event[key][0]]
        if how == "other content":
            twin["count"] = event.get("count", 1) + 1
        if how == "other person":
            twin |= self.whom()
        return twin

    def swept(self) -> list[Json]:
        """Everything of one person deleted everywhere, so that little is left that may still be held."""
        at = self.one(self.moments[len(self.moments) // 2 :])
        reason = self.one(["REQUEST", "REQUEST", "ROUTINE"])
        person = self.people[0]
        everything = {"subject": person, "namespace": NAMESPACE[person], "elements": self.everything}
        deletions = [
            {"event": "Deleted", "occurred_at": written(at), "system": system, "reason": reason} | everything
            for system in (*SYSTEMS, "attic")
        ]
        notices = [
            {"event": "RecipientNotified", "occurred_at": written(at + 1), "recipient": recipient}
            | {"about": "DELETION", "outcome": "ACKNOWLEDGED", "system": "shop"}
            | everything
            for recipient in (RECIPIENTS if self.seldom(2) else ())
        ]
        return [event | {"event_id": self.fresh_id()} for event in [*deletions, *notices]]
