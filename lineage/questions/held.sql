-- Is what was collected still held at the window's end?
-- One row per person and category: HELD, UNKNOWN or DELETED (rulings.md 32).
with stated as (
    select
        put.ask,
        mapped.category,
        put.held,
        put.event in ('Collected', 'Corrected')
            and not coalesce(known.publishes or known.attested_free, false) as is_out_of_sight
    from put
    left join policy_element_category as mapped
        on mapped.policy = $policy
        and mapped.element = put.element
        and mapped.valid_from <= put.put_from
        and mapped.valid_until > put.put_from
    left join policy_system as known
        on known.policy = $policy and known.system = put.system
),

acknowledged as (
    select
        ask,
        recipient,
        occurred_at as acknowledged_at,
        unnest(elements) as element
    from theirs
    where event = 'RecipientNotified' and about = 'DELETION' and outcome = 'ACKNOWLEDGED'
),

with_providers as (
    select distinct
        verdict.ask,
        fact.category
    from verdict
    join fact using (ask, event_id, piece_from)
    left join acknowledged
        on acknowledged.ask = verdict.ask
        and acknowledged.recipient = verdict.recipient
        and acknowledged.element = fact.element
        and acknowledged.acknowledged_at > verdict.piece_to
    where list_has_any(verdict.kinds, ['BP_SERVICE_PROVIDER', 'BP_CONTRACTOR'])
        and acknowledged.element is null
)

select
    stated.ask,
    coalesce(stated.category, 'UNMAPPED') as category,
    case
        when bool_or(stated.held = 'HELD') then 'HELD'
        when bool_or(stated.held = 'UNKNOWN' or stated.is_out_of_sight or with_providers.ask is not null)
            then 'UNKNOWN'
        else 'DELETED'
    end as held
from stated
left join with_providers
    on with_providers.ask = stated.ask
    and with_providers.category = coalesce(stated.category, 'UNMAPPED')
group by stated.ask, coalesce(stated.category, 'UNMAPPED')
