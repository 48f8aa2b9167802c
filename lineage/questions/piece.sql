-- Into which pieces is each activity cut, so that each lies under one set of rules?
-- One row per event and piece before the window's end. An interval is cut at every boundary of the policy, where the
-- person chose or got another customer, and where the window begins; an instant is its own only piece, and its own
-- end (rulings.md 4, 5).
with span as (
    select
        told.ask,
        told.event_id,
        told.window_from,
        case
            when told.ongoing then told.window_to
            else least(coalesce(told.occurred_until, told.occurred_at), told.window_to)
        end as span_to,
        case
            when span_to > told.occurred_at then list_distinct(list_append(
                list_filter(
                    list_concat(rule.boundaries, person.boundaries, [told.window_from]),
                    lambda x: x > told.occurred_at and x < span_to
                ),
                told.occurred_at
            ))
            else [told.occurred_at]
        end as starts
    from told
    join person on person.ask = told.ask
    cross join rule
    where told.event in ('Collected', 'Corrected', 'Used', 'Shared') and told.occurred_at < told.window_to
),

begun as (
    select
        *,
        unnest(starts) as piece_from
    from span
)

select
    ask,
    event_id,
    piece_from,
    coalesce(list_min(list_filter(starts, lambda x: x > piece_from)), span_to) as piece_to,
    piece_from >= window_from as in_window
from begun
