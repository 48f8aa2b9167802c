-- What is known of the person as a whole?
-- One row per request with at least one accepted event.
with known as (
    select
        heard.ask,
        -- Of any event, whatever its time, also one that was replaced (rulings.md 14); a collection without purposes
        -- counts as such a word.
        bool_or(
            not list_has_all(rule.elements, coalesce(heard.elements, []))
            or not list_has_all(rule.purposes, coalesce(heard.purposes, []))
            or not coalesce(list_contains(rule.sources, heard.source), true)
            or not coalesce(list_contains(rule.recipients, heard.recipient), true)
            or not coalesce(list_contains(rule.customers, heard.on_behalf_of), true)
            or (heard.event = 'Collected' and len(heard.purposes) = 0)
        ) as has_unknown_word
    from heard
    cross join rule
    where not heard.is_household
    group by heard.ask
)

select
    told.ask,
    -- In the order of rulings.md 19; the earliest also holds for the time before it.
    list_sort(
        list({
            'occurred_at': told.occurred_at,
            'recorded_at': told.recorded_at,
            'event_id': told.event_id,
            'customer': told.details ->> 'customer'
        }) filter (where told.event = 'SubjectDescribed' and (told.details ->> 'customer') is not null)
    ) as customers,
    list_sort(
        list({
            'occurred_at': told.occurred_at,
            'recorded_at': told.recorded_at,
            'event_id': told.event_id,
            'residency': told.details ->> 'residency'
        }) filter (where told.event = 'SubjectDescribed' and (told.details ->> 'residency') is not null)
    ) as residencies,
    -- Of the instant of receipt; what was told of a later one only is not known then (rulings.md 20).
    list_filter(residencies, lambda x: x.occurred_at <= any_value(told.window_to))[-1].residency as residency,
    min(told.occurred_at) filter (
        where told.event = 'ChoiceMade' and (told.details ->> 'choice') in ('OPT_OUT', 'LIMIT_SENSITIVE')
    ) as chosen_at,
    list({
        'recipient': told.recipient,
        'elements': told.elements,
        'acknowledged_at': told.occurred_at
    }) filter (
        where told.event = 'RecipientNotified'
            and told.about = 'DELETION'
            and told.outcome = 'ACKNOWLEDGED'
            and told.occurred_at < told.window_to
    ) as acknowledgements,
    -- Where a judgement of this person may change: another customer, or the choice.
    list_append(
        coalesce(
            list(told.occurred_at) filter (
                where told.event = 'SubjectDescribed' and (told.details ->> 'customer') is not null
            ),
            []
        ),
        chosen_at
    ) as boundaries,
    bool_or(told.subject is not null) as is_heard,
    coalesce(bool_or(known.has_unknown_word), false) as has_unknown_word
from told
left join known on known.ask = told.ask
group by told.ask
