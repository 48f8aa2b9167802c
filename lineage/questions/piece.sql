-- Into which pieces is each activity cut, so that each lies under one set of rules?
-- One row per event and piece before the window's end. An interval is cut at every boundary of the policy, where the
-- person chose or got another customer, and where the window begins; an instant is its own only piece, and its own end
-- (rulings.md 4, 5).
with span as (
    select
        told.* exclude (details, reason, collected_before, held_in, about, on_behalf_of),
        person.customers,
        person.chosen_at,
        case
            when told.ongoing then told.window_to
            else least(coalesce(told.occurred_until, told.occurred_at), told.window_to)
        end as span_to,
        list_concat(
            list_append(list_append(rule.boundaries, told.window_from), person.chosen_at),
            list_transform(coalesce(person.customers, []), lambda x: x.occurred_at)
        ) as boundaries
    from told
    join person on person.ask = told.ask
    cross join rule
    where told.event in ('Collected', 'Corrected', 'Used', 'Shared') and told.occurred_at < told.window_to
),

started as (
    select
        * exclude (boundaries),
        case
            when span_to > occurred_at then list_distinct(list_append(
                list_filter(boundaries, lambda x: x > occurred_at and x < span_to),
                occurred_at
            ))
            else [occurred_at]
        end as starts
    from span
),

begun as (
    select
        *,
        unnest(starts) as piece_from
    from started
)

select
    * exclude (starts, span_to),
    coalesce(list_min(list_filter(starts, lambda x: x > piece_from)), span_to) as piece_to,
    piece_from >= window_from as in_window
from begun
