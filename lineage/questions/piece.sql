-- Into which pieces is each activity cut, so that each lies under one set of rules?
-- One row per item and piece before the window's end, with all that is told of it. An interval is cut at every boundary
-- of the policy, where the person chose or got another customer, and where the window or the twelve months begin; an
-- instant is its own only piece, and its own end (rulings.md 4, 5, 7).
with span as (
    select
        told.*,
        person.chosen_at,
        person.customers,
        case
            when told.told_to > told.told_from then list_distinct(list_append(
                list_filter(
                    list_concat($boundaries, person.boundaries, [told.window_from, told.base_from]),
                    lambda x: x > told.told_from and x < told.told_to
                ),
                told.told_from
            ))
            else [told.told_from]
        end as starts
    from told
    join person on person.ask = told.ask
    where list_position(
        ['Collected', 'Corrected', 'Used', 'Shared', 'PopulationShared', 'Deleted'], told.event
    ) > 0
        and told.told_from < told.window_to
),

begun as (
    select
        *,
        unnest(starts) as piece_from
    from span
)

select
    * exclude (told_from, starts, customers),
    -- Whose the person was then; the earliest also holds for the time before it (rulings.md 19).
    coalesce(
        list_filter(customers, lambda x: x.occurred_at <= piece_from)[-1].customer, customers[1].customer
    ) as customer_then,
    coalesce(list_min(list_filter(starts, lambda x: x > piece_from)), told_to) as piece_to,
    piece_from >= window_from as in_window
from begun
