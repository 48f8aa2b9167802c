-- Which orders of silence are in force?
-- One row per request and authority, with the elements that they hide; `*`: all (rulings.md 28). An order on any token of the
-- person counts, whenever the token was theirs. It is lifted by its own document, for its own token, once it was placed.
with hold as (
    select distinct
        member.ask,
        member.as_of,
        told.subject,
        told.event_id,
        told.event,
        told.recorded_at,
        told.occurred_at,
        told.elements,
        told.kind,
        told.details
    from member
    join near as told
        on told.subject = member.subject
        and told.recorded_at <= member.as_of
        and coalesce(told.occurred_at >= member.erased_through, true)
        and not list_contains(member.taken_out, told.event_id)
    where list_position(['HoldPlaced', 'HoldLifted'], told.event) > 0 and not member.is_household
)

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
from hold as placed
anti join hold as lifted
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
