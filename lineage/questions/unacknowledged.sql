-- Which categories went to a provider or contractor that has not confirmed their deletion?
-- A row per request and category, which may come again. The confirmation must name the element, by whichever of its names, and
-- come after the disclosure (rulings.md 32).
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
    given.ask,
    given.category
from given
left join naming on naming.element = given.element
where len(list_filter(
    acknowledgements,
    lambda x: x.recipient = given.recipient
        and list_has_any(x.elements, coalesce(naming.words, [given.element]))
        and x.acknowledged_at > given.piece_to
)) = 0
