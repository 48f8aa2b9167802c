-- Which systems shared everybody, though it is not known whom they held?
-- A row per request and system, which may come again: nothing of the person was ever seen to be put there (rulings.md 33).
with shared as (
    select
        owned.ask,
        owned.item,
        owned.system,
        owned.span_to as shared_to,
        unnest(owned.elements) as word
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
    left join policy_element_alias as known
        on known.policy = $policy and known.alias = shared.word
    left join put
        on put.ask = shared.ask
        and put.system = shared.system
        and put.element = coalesce(known.element, shared.word)
        and put.put_from <= shared.shared_to
    group by shared.ask, shared.item, shared.system
)

select
    met.ask,
    met.system
from met
left join policy_system
    on policy_system.policy = $policy and policy_system.system = met.system
where not met.is_met and not coalesce(policy_system.holdings_known, false)
