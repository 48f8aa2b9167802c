-- What was put where, and is it still there at the window's end?
-- One row per put of one element into one system. What is deleted by routine without saying what was collected when is
-- UNKNOWN; a deletion clears its own system only (rulings.md 32).
with put_in as (
    select
        ask,
        window_from,
        subject,
        event_id,
        event in ('Collected', 'Corrected') as is_collected,
        system,
        held_in,
        occurred_at as put_from,
        case when ongoing then 'infinity'::timestamptz else coalesce(occurred_until, occurred_at) end as put_to,
        unnest(elements) as word
    from told
    where occurred_at < window_to
        and (event in ('Collected', 'Corrected') or (event = 'Used' and operation in ('STORED', 'RESTORED')))
),

deleted as (
    select
        ask,
        subject,
        system,
        occurred_at as deleted_at,
        collected_before,
        reason,
        unnest(elements) as word
    from told
    where occurred_at < window_to and event = 'Deleted'
)

select
    put_in.ask,
    put_in.window_from,
    put_in.event_id,
    put_in.word,
    put_in.is_collected,
    put_in.system,
    put_in.held_in,
    put_in.put_from,
    put_in.put_to,
    case
        when bool_or(deleted.reason <> 'ROUTINE' or deleted.collected_before is not null) then 'DELETED'
        when bool_or(deleted.word is not null) then 'UNKNOWN'
        else 'HELD'
    end as held
from put_in
left join deleted
    on deleted.ask = put_in.ask
    and deleted.subject = put_in.subject
    and deleted.system = put_in.system
    and deleted.word = put_in.word
    and deleted.deleted_at >= put_in.put_to
    and (deleted.collected_before is null or put_in.put_from < deleted.collected_before)
group by all
