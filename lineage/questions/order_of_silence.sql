-- Which orders of silence are in force?
-- One row per request, authority and element; no element: all (rulings.md 28). An order is lifted by its own document,
-- for its own token.
select
    placed.ask,
    placed.details ->> 'by' as authority,
    unnest(case when len(placed.elements) > 0 then placed.elements else [null] end) as word
from told as placed
anti join told as lifted
    on lifted.event = 'HoldLifted'
    and lifted.ask = placed.ask
    and lifted.subject = placed.subject
    and (lifted.details ->> 'by') is not distinct from (placed.details ->> 'by')
    and (lifted.details ->> 'document') is not distinct from (placed.details ->> 'document')
where placed.event = 'HoldPlaced'
    and placed.kind = 'NONDISCLOSURE'
    and coalesce((placed.details ->> 'until')::timestamptz > placed.as_of, true)
