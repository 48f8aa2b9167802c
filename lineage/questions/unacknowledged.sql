-- Which categories went to a provider or contractor that has not confirmed their deletion?
-- A row per request and disclosure, with its categories. The confirmation must name the element, by whichever of its names, and
-- come after the disclosure (rulings.md 32).
select
    verdict.ask,
    list_transform(
        list_filter(verdict.facts, lambda x: len(list_filter(
            coalesce(person.acknowledgements, []),
            lambda y: y.recipient = verdict.recipient
                and y.acknowledged_at > verdict.piece_to
                and list_contains(
                    list_transform(y.elements, lambda z: coalesce($meanings[list_position($words, z)].element, z)),
                    x.element
                )
        )) = 0),
        lambda x: x.category
    ) as categories
from verdict
join person on person.ask = verdict.ask
where list_has_any(verdict.kinds, ['BP_SERVICE_PROVIDER', 'BP_CONTRACTOR'])
