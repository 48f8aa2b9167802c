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
            'events': events,
            'is_under_16': is_under_16
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
            'is_collected_earlier': is_collected_earlier,
            'is_piece': is_piece
        }) as holdings
    from holding
    group by ask
),

exclusions as (
    select
        ask,
        list_distinct(list({'reason': reason, 'subject': subject, 'event_id': event_id})) as exclusions
    from exclusion
    group by ask
),

reviews as (
    select
        ask,
        list_distinct(list({'event_id': event_id, 'reason': reason})) as reviews
    from review
    group by ask
)

select
    asked.ask,
    coalesce(person.is_heard, false) as is_heard,
    person.residency,
    unsure.ask is not null as is_unsure,
    refused.ask is not null as has_parked,
    coalesce(person.has_unknown_word, false) as has_unknown_word,
    coalesce(lines.lines, []) as lines,
    coalesce(holdings.holdings, []) as holdings,
    coalesce(unmet.systems, []) as unmet_systems,
    coalesce(exclusions.exclusions, []) as exclusions,
    coalesce(reviews.reviews, []) as reviews,
    coalesce(unacknowledged.categories, []) as with_providers
from asked
left join person on person.ask = asked.ask
left join unsure on unsure.ask = asked.ask
left join refused on refused.ask = asked.ask
left join lines on lines.ask = asked.ask
left join unacknowledged on unacknowledged.ask = asked.ask
left join holdings on holdings.ask = asked.ask
left join unmet on unmet.ask = asked.ask
left join exclusions on exclusions.ask = asked.ask
left join reviews on reviews.ask = asked.ask
