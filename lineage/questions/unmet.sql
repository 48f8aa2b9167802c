-- Which systems shared everybody, though it is not known whom they held?
-- A row per request and system, which may come again: nothing of the person was ever seen to be put there (rulings.md 33).
with shared as (
    select
        owned.ask,
        owned.item,
        owned.system,
        owned.told_to as shared_to,
        unnest(list_transform(
            owned.elements, lambda x: coalesce($meanings[list_position($words, x)].element, x)
        )) as element
    from owned
    where owned.event = 'PopulationShared'
        and owned.excluded is null
        and owned.in_window
        and owned.outcome = 'GRANTED'
),

met as (
    select
        shared.ask,
        shared.item,
        shared.system,
        bool_or(put.item is not null) as is_met
    from shared
    left join put
        on put.ask = shared.ask
        and put.system = shared.system
        and put.element = shared.element
        and put.put_from <= shared.shared_to
    group by shared.ask, shared.item, shared.system
)

select ask, system
from met
where not is_met and not coalesce($system_traits[list_position($systems, system)].holdings_known, false)
