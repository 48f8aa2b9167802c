-- What must each block of the answer list?
-- One row per block and line of it, with the events that back it (law.md A.6). `words` are the line's elements, or a
-- purpose's statutory ids. The event ids come whole: digests are made from them.
with seen as (
    select
        piece.ask,
        piece.event_id,
        told.count,
        piece.piece_from,
        piece.piece_to,
        told.event,
        worded.facts,
        coalesce(worded.reasons, []) as reasons,
        coalesce(policy_source.category, 'SRC_UNKNOWN') as source_category,
        verdict.recipient_category,
        verdict.kinds,
        verdict.unreviewed,
        verdict.facts as shared_facts,
        list_filter(
            [
                case when len(verdict.sold_or_shared) > 0 then 'sold_or_shared' end,
                case when verdict.is_disclosed then 'disclosed' end,
                case when verdict.is_to_third_party then 'third_parties' end
            ],
            lambda x: x is not null
        ) as blocks,
        case
            when told.event = 'Collected' then ['collecting']
            when told.event = 'Used' then ['using']
            else list_filter(
                [
                    case when list_contains(verdict.sold_or_shared, 'SALE') then 'selling' end,
                    case when list_contains(verdict.sold_or_shared, 'SHARE') then 'sharing' end,
                    case when verdict.is_disclosed then 'disclosing' end
                ],
                lambda x: x is not null
            )
        end as reasons_for
    from piece
    join told using (ask, event_id)
    join worded using (ask, event_id, piece_from)
    left join verdict using (ask, event_id, piece_from)
    left join policy_source
        on policy_source.policy = $policy
        and policy_source.source = told.source
        and policy_source.valid_from <= piece.piece_from
        and policy_source.valid_until > piece.piece_from
        and told.event = 'Collected'
    where piece.in_window
),

entered as (
    select
        ask,
        event_id,
        count,
        piece_from,
        piece_to,
        coalesce(unreviewed, false) as unreviewed,
        unnest(list_concat(
            case when event in ('Collected', 'Corrected') then list_transform(facts, lambda x: {
                'block': 'collected', 'category': x.category, 'party': null, 'words': [x.element], 'kinds': []::text[]
            }) else [] end,
            case when event = 'Collected' then [{
                'block': 'sources', 'category': null, 'party': source_category, 'words': []::text[], 'kinds': []::text[]
            }] else [] end,
            case when len(reasons_for) > 0 then list_transform(reasons, lambda x: {
                'block': 'purposes', 'category': null, 'party': x.purpose, 'words': x.statutory, 'kinds': reasons_for
            }) else [] end,
            flatten(list_transform(coalesce(blocks, []), lambda b: list_transform(shared_facts, lambda x: {
                'block': b,
                'category': case when b = 'third_parties' then null else x.category end,
                'party': recipient_category,
                'words': case when b = 'third_parties' then []::text[] else [x.element] end,
                'kinds': case
                    when b = 'sold_or_shared' then list_filter(kinds, lambda k: k in ('SALE', 'SHARE'))
                    else kinds
                end
            })))
        ), max_depth := 2)
    from seen
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
from entered
group by ask, block, category, party
