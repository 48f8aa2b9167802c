-- Into which pieces is each activity cut, so that each lies under one set of rules?
-- One row per item and piece before the window's end. An interval is cut at every boundary of the policy, where the
-- person chose or got another customer, and where the window or the twelve months begin; an instant is its own only
-- piece, and its own end (rulings.md 4, 5, 7).
with span as (
    select
        told.ask,
        told.item,
        asked.window_from,
        least(told.told_to, asked.window_to) as span_to,
        case
            when told.event <> 'Deleted' and span_to > told.told_from then list_distinct(list_append(
                list_filter(
                    list_concat(rule.boundaries, person.boundaries, [asked.window_from, asked.base_from]),
                    lambda x: x > told.told_from and x < span_to
                ),
                told.told_from
            ))
            else [told.told_from]
        end as starts
    from told
    join asked on asked.ask = told.ask
    join person on person.ask = told.ask
    cross join rule
    where told.event in ('Collected', 'Corrected', 'Used', 'Shared', 'PopulationShared', 'Deleted')
        and told.told_from < asked.window_to
),

begun as (
    select
        *,
        unnest(starts) as piece_from
    from span
)

select
    ask,
    item,
    piece_from,
    coalesce(list_min(list_filter(starts, lambda x: x > piece_from)), span_to) as piece_to,
    piece_from >= window_from as in_window
from begun
