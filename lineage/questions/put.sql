-- What was put where, and is it still there at the window's end?
-- One row per put of one element into one system. What is deleted by routine without saying what was collected when is
-- UNKNOWN; a deletion clears its own system only (rulings.md 32).
with named as (
    select
        ask,
        window_from,
        subject,
        event_id,
        event,
        system,
        held_in,
        occurred_at,
        case
            when ongoing then window_to
            else least(coalesce(occurred_until, occurred_at), window_to)
        end as put_to,
        collected_before,
        reason,
        unnest(elements) as word
    from told
    where occurred_at < window_to
        and (
            event in ('Collected', 'Corrected', 'Deleted')
            or (event = 'Used' and operation in ('STORED', 'RESTORED'))
        )
),

put_in as (
    select
        named.* exclude (event, occurred_at, word, collected_before, reason),
        named.event in ('Collected', 'Corrected') as is_collected,
        named.occurred_at as put_from,
        coalesce(known.element, named.word) as element
    from named
    left join policy_element_alias as known
        on known.policy = $policy and known.alias = named.word
    where named.event <> 'Deleted'
),

deleted as (
    select
        named.ask,
        named.subject,
        named.system,
        named.occurred_at as deleted_at,
        named.collected_before,
        named.reason,
        coalesce(known.element, named.word) as element
    from named
    left join policy_element_alias as known
        on known.policy = $policy and known.alias = named.word
    where named.event = 'Deleted'
)

select
    put_in.ask,
    put_in.window_from,
    put_in.event_id,
    put_in.element,
    put_in.is_collected,
    put_in.system,
    put_in.held_in,
    put_in.put_from,
    put_in.put_to,
    case
        when bool_or(deleted.reason <> 'ROUTINE' or deleted.collected_before is not null) then 'DELETED'
        when bool_or(deleted.element is not null) then 'UNKNOWN'
        else 'HELD'
    end as held
from put_in
left join deleted
    on deleted.ask = put_in.ask
    and deleted.subject = put_in.subject
    and deleted.system = put_in.system
    and deleted.element = put_in.element
    and deleted.deleted_at >= put_in.put_to
    and (deleted.collected_before is null or put_in.put_from < deleted.collected_before)
group by all
