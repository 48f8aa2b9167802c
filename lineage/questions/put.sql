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

of_element as materialized (
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
clearing as materialized (
    select
        deleted.ask,
        deleted.system,
        deleted.element,
        deleted.own_from as deleted_at,
        deleted.collected_before,
        member.subject,
        member.subject = deleted.subject
            and coalesce(deleted.reason <> 'ROUTINE' or deleted.collected_before is not null, false) as is_certain
    from of_element as deleted
    join member
        on member.ask = deleted.ask
        and member.member_from <= deleted.own_from
        and member.member_to > deleted.own_from
        and not member.is_household
    where deleted.event = 'Deleted'
),

put_in as (
    select item, element, ask, subject, system, occurred_at, ended_at
    from of_element
    where event <> 'Deleted'
),

-- Of deletions that ask for nothing but their time the first one at or after a put's end says all: many puts with many
-- deletions have millions of pairs, one order of both has none.
in_time as (
    select item, element, ask, subject, system, ended_at as happened_at, null as deleted_at, null as is_certain
    from put_in

    union all

    select null, element, ask, subject, system, deleted_at, deleted_at, is_certain
    from clearing
    where collected_before is null and system is not null
),

next_deletion as (
    select
        item,
        element,
        min(deleted_at) filter (where is_certain) over later as cleared_at,
        min(deleted_at) over later as deleted_at
    from in_time
    window later as (
        partition by ask, subject, system, element
        order by happened_at
        range between current row and unbounded following
    )
),

cleared as (
    select item, element, cleared_at
    from next_deletion
    where item is not null and deleted_at is not null

    union all

    select
        put_in.item,
        put_in.element,
        case when clearing.is_certain then clearing.deleted_at end as cleared_at
    from put_in
    join clearing
        on clearing.ask = put_in.ask
        and clearing.subject = put_in.subject
        and clearing.system = put_in.system
        and clearing.element = put_in.element
        and clearing.deleted_at >= put_in.ended_at
        and put_in.occurred_at < clearing.collected_before
    where clearing.collected_before is not null
),

met as (
    select
        of_element.*,
        first.cleared_at,
        first.item is not null as is_doubtful
    from of_element
    left join (
        select item, element, min(cleared_at) as cleared_at
        from cleared
        group by item, element
    ) as first
        on first.item = of_element.item
        and first.element = of_element.element
    where of_element.event <> 'Deleted'
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
