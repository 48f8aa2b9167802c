"""How are the product's answer and the expected one laid side by side?"""

from collections.abc import Iterable
from typing import Any

from evaluator.times import Span, joined, micros, written

Json = dict[str, Any]
Gaps = list[tuple[str | None, ...]]


def ids(line: Json) -> list[str]:
    """The event ids that stand behind a line; worlds are so small that the evidence names them all."""
    evidence = line["evidence"]
    named = sorted({*evidence["first"], *evidence["last"]})
    assert evidence["count"] == len(named) or len(named) >= 10
    return named


def counted(line: Json) -> Json:
    return {
        **{key: line[key] for key in ("first", "last", "events", "occurrences")},
        "sensitive": sorted(each["id"] for each in line["sensitive"]),
        "evidence": ids(line),
    }


def pairs(rows: list[Json]) -> Json:
    return {
        f"{line['category']} {line['recipient_category']}": {
            **counted(line),
            "kinds": sorted(line["kinds"]),
            "elements": line["elements"],
            "unreviewed": line["unreviewed"],
        }
        for line in rows
    }


PERSONAL = ("NO_MATCH", "ERASED", "PARKED", "UNKNOWN_WORD", "LINK_UNSURE", "HOLDING_UNKNOWN")
BLOCKS = ("collected", "sources", "purposes", "third_parties", "pieces", "sold_or_shared", "disclosed")


def comparable(answer: Json, expected: Json) -> Json:
    """The product's answer with each list keyed by what makes its lines distinct."""
    if "stopped" in answer:
        return answer
    lines = {name: len(answer[name]) for name in ("collected", "sources", "purposes", "third_parties")}
    said = answer["block_statements"] | {
        name: answer[name]["statement"] for name in ("sold_or_shared", "disclosed")
    }
    made = {
        "window": {key: answer["window"][key] for key in ("from", "to", "basis")},
        **{key: answer[key] for key in ("regime", "as_of", "provisional", "block_status")},
        "denials": {(row["block"], row["code"]) for row in answer["denials"]},
        "exclusions": {row["code"]: row["count"] for row in answer["exclusions"]},
        "not_searched": {row["record_types"] for row in answer["not_searched"]},
        "under_order": pairs(answer["under_order"]),
        "collected": {
            line["category"]: {**counted(line), "elements": line["elements"], "held": line["held"]}
            for line in answer["collected"]
        },
        "sources": {line["category"]: ids(line) for line in answer["sources"]},
        "purposes": {
            line["purpose"]: {
                "statutory": sorted(line["statutory"]),
                "for": sorted(line["for"]),
                "evidence": ids(line),
            }
            for line in answer["purposes"]
        },
        "third_parties": {
            line["category"]: {"kinds": sorted(line["kinds"]), "evidence": ids(line)}
            for line in answer["third_parties"]
        },
        "sold_or_shared": pairs(answer["sold_or_shared"]["pairs"]),
        "disclosed": pairs(answer["disclosed"]["pairs"]),
        "pieces": sorted(
            (item["element"], item["show"], item["withheld"]) for item in answer["pieces"]["items"]
        ),
        "statements": {name: said.get(name) for name in BLOCKS},
        "held_collected_earlier": answer["held_collected_earlier"],
        "gaps": gaps(
            (gap["reason"], gap["producer"], gap["system"], gap["from"], gap["to"])
            for gap in answer["coverage"]["gaps"]
        ),
        "complete": answer["coverage"]["complete"],
        "coverage_from": answer["coverage"]["from"],
    }
    assert lines == {name: len(made[name]) for name in lines}, "two lines stand for one thing"
    assert len(answer["under_order"]) == len(made["under_order"])
    return {key: made[key] for key in expected}


def foreseen(expected: Json) -> Json:
    """What is compared. Of somebody who need not be answered the blocks are not; nor is what is left open."""
    if "stopped" in expected:
        return expected
    left = {key: value for key, value in expected.items() if value is not None or key != "provisional"}
    if not left.pop("consumer"):
        answered = (*BLOCKS, "statements", "held_collected_earlier", "under_order", "not_searched")
        left = {key: value for key, value in left.items() if key not in answered}
    return left | {"gaps": gaps(expected["gaps"])}


def gaps(found: Iterable[tuple[Any, ...]]) -> Gaps:
    """Gaps in order; silent stretches joined, for they may be told in one piece or in several.

    Of a producer that may be silent for an unknown time nothing more need be told; of a person's own gaps
    it is left open whether their time is known.
    """
    found = [(*gap[:3], None, None) if gap[0] in PERSONAL else gap for gap in found]
    unknown = {gap[1] for gap in found if gap[0] == "SILENT" and gap[3] is None}
    silent: dict[str, list[Span]] = {}
    rest = set()
    for gap in found:
        if gap[0] != "SILENT" or gap[3] is None:
            rest.add(gap)
        elif gap[1] not in unknown:
            silent.setdefault(gap[1], []).append(Span(micros(gap[3]), micros(gap[4])))
    holes = {
        ("SILENT", producer, None, written(start), written(end))
        for producer, spans in silent.items()
        for start, end in joined(spans)
    }
    return sorted(rest | holes, key=str)
