-- What must each block of the answer list?
-- One row per block and line of it, with the events that back it (law.md A.6). `words` are the line's elements, or a
-- purpose's statutory ids. Instants are text, as the report tells them. The event ids come whole and in order: digests are made from them.
with seen as (
    select
        worded.ask,
        {'subject': worded.subject, 'event_id': worded.event_id, 'count': worded.count} as event,
        worded.piece_from,
        worded.piece_to,
        worded.event as told_event,
        worded.facts,
        len(list_filter(
            worded.under_16,
            lambda x: x.since < worded.piece_to and x.until > worded.piece_from
                or x.since <= worded.piece_from and x.until > worded.piece_from
        )) > 0 as is_under_16,
        coalesce(worded.reasons, []) as reasons,
        list_transform(
            list_filter(
                $source_categories[list_position($sources, worded.source)],
                lambda x: x.valid_from <= worded.piece_from and x.valid_until > worded.piece_from
            ),
            lambda x: x.category
        ) as source_categories,
        verdict.recipient_category,
        verdict.kinds,
        verdict.unreviewed,
        verdict.told_facts as shared_facts,
        verdict.hidden_facts,
        list_filter(
            [
                case when len(verdict.sold_or_shared) > 0 then 'sold_or_shared' end,
                case when verdict.is_disclosed then 'disclosed' end,
                case when verdict.is_to_third_party then 'third_parties' end
            ],
            lambda x: x is not null
        ) as blocks,
        case
            when worded.event = 'Collected' then ['collecting']
            when worded.event = 'Used' then ['using']
            when len(verdict.facts) > 0 and len(verdict.told_facts) = 0 then []
            else list_filter(
                [
                    case when list_contains(verdict.sold_or_shared, 'SALE') then 'selling' end,
                    case when list_contains(verdict.sold_or_shared, 'SHARE') then 'sharing' end,
                    case when verdict.is_disclosed then 'disclosing' end
                ],
                lambda x: x is not null
            )
        end as reasons_for
    from worded
    left join verdict on verdict.item = worded.item and verdict.piece_from = worded.piece_from
    where worded.in_window
        -- Below the floor there is nothing to tell (rulings.md 7).
        and (len(worded.facts) is null or len(list_filter(worded.facts, lambda x: not x.is_below)) > 0)
),

entered as (
    select
        ask,
        event,
        piece_from,
        piece_to,
        is_under_16,
        coalesce(unreviewed, false) as unreviewed,
        unnest(list_concat(
            case when told_event in ('Collected', 'Corrected') then list_transform(facts, lambda x: {
                'block': 'collected', 'category': x.category, 'party': null, 'words': [x.element], 'kinds': []::text[]
            }) else [] end,
            case when told_event = 'Collected' then list_transform(
                case when len(source_categories) > 0 then source_categories else ['SRC_UNKNOWN'] end,
                lambda x: {
                    'block': 'sources', 'category': null, 'party': x, 'words': []::text[], 'kinds': []::text[]
                }
            ) else [] end,
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
            }))),
            list_transform(coalesce(hidden_facts, []), lambda x: {
                'block': 'under_order', 'category': x.category, 'party': recipient_category, 'words': [x.element],
                'kinds': kinds
            })
        ), max_depth := 2)
    from seen
),

grouped as (
    select
        ask,
        block,
        category,
        party,
        list(kinds) as kinds,
        bool_or(unreviewed) as unreviewed,
        list(words) as words,
        min(piece_from) as first_at,
        max(piece_to) as last_at,
        -- An event counts once in a line, however many pieces and elements of it stand there (rulings.md 34).
        list_distinct(list(event)) as told,
        bool_or(is_under_16) as is_under_16
    from entered
    group by ask, block, category, party
)

select
    * exclude (kinds, words, told, first_at, last_at),
    strftime(first_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') as first_at,
    strftime(last_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') as last_at,
    list_distinct(flatten(kinds)) as kinds,
    list_distinct(flatten(words)) as words,
    len(told) as events,
    list_sum(list_transform(told, lambda x: x.count)) as occurrences,
    list_sort(list_distinct(list_transform(told, lambda x: x.event_id)))::text[] as event_ids
from grouped
