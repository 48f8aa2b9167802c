-- Which categories went to a provider or contractor that has not confirmed their deletion?
-- One row per request, with the categories. The confirmation must name the element and come after the disclosure
-- (rulings.md 32).
with given as (
    select
        verdict.ask,
        verdict.recipient,
        verdict.piece_to,
        unnest(verdict.facts, max_depth := 2),
        coalesce(person.acknowledgements, []) as acknowledgements
    from verdict
    join person on person.ask = verdict.ask
    where list_has_any(verdict.kinds, ['BP_SERVICE_PROVIDER', 'BP_CONTRACTOR'])
)

select
    ask,
    list_distinct(list(category)) as categories
from given
where len(list_filter(
    acknowledgements,
    lambda x: x.recipient = given.recipient
        and list_contains(x.elements, element)
        and x.acknowledged_at > piece_to
)) = 0
group by ask
