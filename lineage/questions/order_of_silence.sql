-- Which orders of silence are in force?
-- One row per request and authority, with the elements that they hide; `*`: all (rulings.md 28). An order is lifted by its
-- own document, for its own token, once it was placed.
select
    placed.ask,
    placed.details ->> 'by' as authority,
    flatten(list(
        case
            when len(placed.elements) > 0 then list_transform(
                placed.elements, lambda x: coalesce($meanings[list_position($words, x)].element, x)
            )
            else ['*']
        end
    )) as elements
from told as placed
anti join told as lifted
    on lifted.event = 'HoldLifted'
    and lifted.ask = placed.ask
    and lifted.subject = placed.subject
    and (lifted.details ->> 'by') is not distinct from (placed.details ->> 'by')
    and (lifted.details ->> 'document') is not distinct from (placed.details ->> 'document')
    and (lifted.occurred_at, lifted.recorded_at, lifted.event_id)
        > (placed.occurred_at, placed.recorded_at, placed.event_id)
where placed.event = 'HoldPlaced'
    and placed.kind = 'NONDISCLOSURE'
    and coalesce((placed.details ->> 'until')::timestamptz > placed.as_of, true)
group by placed.ask, placed.details ->> 'by'
