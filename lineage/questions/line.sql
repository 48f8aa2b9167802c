-- What must each block of the answer list?
-- One row per block and line of it, with the events that back it (law.md A.6). `words` are the line's elements, or a
-- purpose's statutory ids. The event ids come whole: digests are made from them.
with collected as (
    select
        piece.ask,
        'collected' as block,
        unnest(worded.facts, max_depth := 2),
        []::text[] as kinds,
        piece.event_id,
        piece.count,
        piece.piece_from,
        piece.piece_to
    from piece
    join worded using (ask, event_id, piece_from)
    where piece.in_window and piece.event in ('Collected', 'Corrected')
),

outward as (
    select
        ask,
        unnest(list_filter(
            [
                case when len(sold_or_shared) > 0 then 'sold_or_shared' end,
                case when is_disclosed then 'disclosed' end,
                case when is_to_third_party then 'third_parties' end
            ],
            lambda x: x is not null
        )) as block,
        facts,
        recipient_category,
        kinds,
        sold_or_shared,
        unreviewed,
        event_id,
        piece_from,
        piece_to
    from verdict
    where in_window
),

paired as (
    select
        outward.ask,
        outward.block,
        unnest(outward.facts, max_depth := 2),
        outward.recipient_category as party,
        case when outward.block = 'sold_or_shared' then outward.sold_or_shared else outward.kinds end as kinds,
        outward.unreviewed,
        outward.event_id,
        piece.count,
        outward.piece_from,
        outward.piece_to
    from outward
    join piece using (ask, event_id, piece_from)
),

purposeful as (
    select
        piece.ask,
        unnest(worded.reasons, max_depth := 2),
        case
            when piece.event = 'Collected' then ['collecting']
            when piece.event = 'Used' then ['using']
            else list_filter(
                [
                    case when list_contains(verdict.sold_or_shared, 'SALE') then 'selling' end,
                    case when list_contains(verdict.sold_or_shared, 'SHARE') then 'sharing' end,
                    case when verdict.is_disclosed then 'disclosing' end
                ],
                lambda x: x is not null
            )
        end as kinds,
        piece.event_id,
        piece.count,
        piece.piece_from,
        piece.piece_to
    from piece
    join worded using (ask, event_id, piece_from)
    left join verdict using (ask, event_id, piece_from)
    where piece.in_window
),

every as (
    select
        ask, block, category, null as party, [element] as words, kinds, false as unreviewed,
        event_id, count, piece_from, piece_to
    from collected

    union all

    select
        piece.ask, 'sources', null, coalesce(policy_source.category, 'SRC_UNKNOWN'), [], [], false,
        piece.event_id, piece.count, piece.piece_from, piece.piece_to
    from piece
    left join policy_source
        on policy_source.policy = $policy
        and policy_source.source = piece.source
        and policy_source.valid_from <= piece.piece_from
        and policy_source.valid_until > piece.piece_from
    where piece.in_window and piece.event = 'Collected'

    union all

    select
        ask, 'purposes', null, purpose, statutory, kinds, false,
        event_id, count, piece_from, piece_to
    from purposeful
    where len(kinds) > 0

    union all

    select
        ask,
        block,
        case when block = 'third_parties' then null else category end,
        party,
        case when block = 'third_parties' then [] else [element] end,
        kinds,
        unreviewed,
        event_id,
        count,
        piece_from,
        piece_to
    from paired
)

select
    ask,
    block,
    category,
    party,
    list_distinct(flatten(list(kinds))) as kinds,
    bool_or(unreviewed) as unreviewed,
    list_distinct(flatten(list(words))) as words,
    min(piece_from) as first_at,
    max(piece_to) as last_at,
    -- An event counts once in a line, however many pieces and elements of it stand there (rulings.md 34).
    list_distinct(list({'event_id': event_id::text, 'count': count})) as events
from every
group by ask, block, category, party
