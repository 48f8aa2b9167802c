-- What is the answer to a request to know, all of it but what the log as a whole may lack?
-- One row per request: what is known of the person, the lines of every block, and what became of each element.
with lines as (
    select
        ask,
        list({
            'block': block,
            'category': category,
            'party': party,
            'kinds': kinds,
            'unreviewed': unreviewed,
            'words': words,
            'first_at': first_at,
            'last_at': last_at,
            'events': events
        }) as lines
    from line
    group by ask
),

holdings as (
    select
        ask,
        list({
            'element': element,
            'categories': categories,
            'systems': systems,
            'held_in': held_in,
            'is_held': is_held,
            'is_unknown': is_unknown,
            'is_out_of_sight': is_out_of_sight,
            'is_collected_earlier': is_collected_earlier
        }) as holdings
    from holding
    group by ask
)

select
    asked.ask,
    person.ask is not null or pointed_at.ask is not null as is_known,
    person.residency,
    coalesce(person.is_erased, false) as is_erased,
    -- Links are not followed yet: the rest of the story may stand under another token.
    coalesce(person.is_linked, false) or coalesce(pointed_at.is_linked, false) as is_linked,
    refused.ask is not null as has_parked,
    coalesce(person.has_unknown_word, false) as has_unknown_word,
    coalesce(lines.lines, []) as lines,
    coalesce(holdings.holdings, []) as holdings,
    coalesce(unacknowledged.categories, []) as with_providers
from asked
left join person on person.ask = asked.ask
left join pointed_at on pointed_at.ask = asked.ask
left join refused on refused.ask = asked.ask
left join lines on lines.ask = asked.ask
left join unacknowledged on unacknowledged.ask = asked.ask
left join holdings on holdings.ask = asked.ask
