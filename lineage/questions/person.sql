-- What is known of the person as a whole?
-- One row per request with at least one accepted event.
select
    told.ask,
    -- In the order of rulings.md 19; the earliest also holds for the time before it.
    list_sort(
        list({
            'occurred_at': told.occurred_at,
            'recorded_at': told.recorded_at,
            'event_id': told.event_id,
            'customer': told.details ->> 'customer',
            'residency': told.details ->> 'residency'
        }) filter (where told.event = 'SubjectDescribed')
    ) as descriptions,
    list_filter(descriptions, lambda x: x.customer is not null) as customers,
    -- Of the instant of receipt; what was told of a later one only is not known then (rulings.md 20).
    list_filter(
        descriptions,
        lambda x: x.residency is not null and x.occurred_at <= any_value(told.window_to)
    )[-1].residency as residency,
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
    list_append(list_transform(coalesce(customers, []), lambda x: x.occurred_at), chosen_at) as boundaries,
    bool_or(told.subject is not null) as is_heard
from told
group by told.ask
