-- What was put where, and is it still there at the window's end?
-- One row per put of one element into one system. What is deleted by routine without saying what was collected when is
-- UNKNOWN; a deletion clears its own system, and its own token for certain (rulings.md 32).
with named as (
    select
        ask,
        item,
        subject,
        event,
        system,
        held_in,
        piece_from,
        piece_to,
        occurred_at,
        -- Its own end, whatever the window and whoever the person was then.
        case
            when coalesce(ongoing, false) then 'infinity'::timestamptz
            else coalesce(occurred_until, occurred_at)
        end as ended_at,
        collected_before,
        reason,
        vaulted_through,
        window_from,
        window_to,
        base_from,
        is_unsearched,
        unnest(list_distinct(list_transform(
            elements, lambda x: coalesce($meanings[list_position($words, x)].element, x)
        ))) as element
    from owned
    where excluded is null
        and (
            event in ('Collected', 'Corrected', 'Deleted')
            or (event = 'Used' and operation in ('STORED', 'RESTORED'))
        )
),

of_element as (
    select
        item,
        element,
        any_value(columns(named.* exclude (item, element, piece_from, piece_to))),
        min(piece_from) as own_from,
        max(piece_to) as own_to
    from named
    group by item, element
),

-- Which puts may a deletion have met? Those of every token that was the person's then.
clearing as (
    select
        deleted.ask,
        deleted.system,
        deleted.element,
        deleted.own_from as deleted_at,
        deleted.collected_before,
        member.subject,
        member.subject = deleted.subject as is_own,
        deleted.reason <> 'ROUTINE' or deleted.collected_before is not null as is_plain
    from of_element as deleted
    join member
        on member.ask = deleted.ask
        and member.member_from <= deleted.own_from
        and member.member_to > deleted.own_from
        and not member.is_household
    where deleted.event = 'Deleted'
),

met as (
    select
        put_in.item,
        put_in.element,
        any_value(columns(put_in.* exclude (item, element))),
        min(clearing.deleted_at) filter (where clearing.is_own and clearing.is_plain) as cleared_at,
        bool_or(clearing.element is not null) as is_doubtful
    from of_element as put_in
    left join clearing
        on clearing.ask = put_in.ask
        and clearing.subject = put_in.subject
        and clearing.system = put_in.system
        and clearing.element = put_in.element
        and clearing.deleted_at >= put_in.ended_at
        and (clearing.collected_before is null or put_in.occurred_at < clearing.collected_before)
    where put_in.event <> 'Deleted'
    group by put_in.item, put_in.element
)

select
    ask,
    item,
    event,
    event in ('Collected', 'Corrected') as is_collection,
    element,
    system,
    held_in,
    window_from,
    window_to,
    base_from,
    is_unsearched,
    own_from as put_from,
    own_to as put_to,
    -- A vault keeps what was told before, not the data.
    len(list_filter(vaulted_through, lambda x: x > occurred_at)) > 0 as is_vaulted,
    list_min(list_filter(vaulted_through, lambda x: x >= ended_at)) as vaulted_at,
    coalesce(least(cleared_at, vaulted_at), 'infinity'::timestamptz) as held_to,
    case
        when cleared_at is not null or coalesce(vaulted_at <= window_to, false) then 'DELETED'
        when is_doubtful then 'UNKNOWN'
        else 'HELD'
    end as held
from met
