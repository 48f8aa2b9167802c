-- Which pairs of category and recipient category were disclosed in the window, as what (law.md A.3)?
-- One row per person, list and pair. For events as the bench's crowd has them: no roles, no occasions, no corrections.
with met as (
    select
        shared.subject,
        shared.elements,
        shared.occurred_at,
        recipient.category as recipient_category,
        weighed.is_share,
        weighed.has_business_purpose,
        weighed.is_for_processor and not weighed.is_share as is_valid_provider,
        weighed.is_for_provider,
        weighed.is_for_third_party or coalesce(recipient.customer = described.customer, false) as is_for_third_party,
        shared.consideration <> 'NONE' as is_for_value
    from event as shared
    join recipient
        on recipient.recipient = shared.recipient
        and recipient.valid_from <= shared.occurred_at
        and recipient.valid_until > shared.occurred_at
    -- What the recipient's contracts of that day name: purposes by our ids or by the statute's.
    cross join lateral (
        select
            coalesce(array_agg(named.purpose) filter (
                where contract.kind = 'R7051' and contract.role = 'SERVICE_PROVIDER'
            ), '{}') as for_provider,
            coalesce(array_agg(named.purpose) filter (
                where contract.kind = 'R7051'
                    and (contract.role = 'SERVICE_PROVIDER' or (contract.role = 'CONTRACTOR' and contract.certified))
            ), '{}') as for_processor,
            coalesce(array_agg(named.purpose) filter (where contract.kind = 'R7053'), '{}') as for_third_party
        from contract
        cross join unnest(contract.purposes) as named (purpose)
        where contract.recipient = shared.recipient
            and contract.valid_from <= shared.occurred_at
            and contract.valid_until > shared.occurred_at
    ) as agreed
    -- All purposes together.
    cross join lateral (
        select
            bool_or('PUR_CROSS_CONTEXT_ADS' = any(reason.names)) as is_share,
            bool_or(reason.names && %(business_purposes)s) as has_business_purpose,
            bool_and(reason.names && agreed.for_processor and reason.names && %(business_purposes)s)
                as is_for_processor,
            bool_and(reason.names && agreed.for_provider) as is_for_provider,
            bool_and(reason.names && agreed.for_third_party) as is_for_third_party
        from (
            select coalesce(purpose.statutory, '{}') || named.purpose as names
            from unnest(shared.purposes) as named (purpose)
            left join purpose
                on purpose.purpose = named.purpose
                and purpose.valid_from <= shared.occurred_at
                and purpose.valid_until > shared.occurred_at
        ) as reason
    ) as weighed
    -- The customer whom the person belonged to then; the earliest also holds for the time before it.
    left join lateral (
        select told.customer
        from event as told
        where told.subject = shared.subject and told.event = 'SubjectDescribed' and told.customer is not null
        order by
            told.occurred_at <= shared.occurred_at desc,
            case when told.occurred_at <= shared.occurred_at then told.occurred_at end desc,
            told.occurred_at
        limit 1
    ) as described on true
    where shared.subject = any(%(subjects)s)
        and shared.event = 'Shared'
        and shared.outcome = 'GRANTED'
        and shared.occurred_at >= %(window_from)s
        and shared.occurred_at < %(window_to)s
        and not exists (
            select 1
            from same_business as same
            where same.recipient = shared.recipient
                and same.valid_from <= shared.occurred_at
                and same.valid_until > shared.occurred_at
        )
),

called as (
    select
        *,
        case
            when is_share and is_for_value then array['SHARE', 'SALE']
            when is_share then array['SHARE']
            when is_for_value and not is_valid_provider then array['SALE']
            when is_valid_provider and is_for_provider then array['BP_SERVICE_PROVIDER']
            when is_valid_provider then array['BP_CONTRACTOR']
            when is_for_third_party then array['BP_THIRD_PARTY']
            else array['SALE']
        end as kinds
    from met
),

listed as (
    select called.*, 'sold_or_shared' as list
    from called
    where kinds && array['SALE', 'SHARE']
    union all
    select called.*, 'disclosed'
    from called
    where has_business_purpose or kinds = array['BP_THIRD_PARTY']
)

select
    listed.subject,
    listed.list,
    word.category,
    listed.recipient_category,
    array_agg(distinct called.kind order by called.kind) as kinds
from listed
cross join unnest(listed.elements) as named (element)
join word
    on word.word = named.element
    and word.valid_from <= listed.occurred_at
    and word.valid_until > listed.occurred_at
cross join unnest(listed.kinds) as called (kind)
group by listed.subject, listed.list, word.category, listed.recipient_category
