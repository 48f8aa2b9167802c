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
            'customer': told.details ->> 'customer'
        }) filter (where told.event = 'SubjectDescribed' and (told.details ->> 'customer') is not null)
    ) as customers,
    list_sort(
        list({
            'occurred_at': told.occurred_at,
            'recorded_at': told.recorded_at,
            'event_id': told.event_id,
            'residency': told.details ->> 'residency'
        }) filter (
            where told.event = 'SubjectDescribed'
                and told.occurred_at < told.window_to
                and (told.details ->> 'residency') is not null
        )
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
    list_append(
        coalesce(
            list(told.occurred_at) filter (
                where told.event = 'SubjectDescribed' and (told.details ->> 'customer') is not null
            ),
            []
        ),
        chosen_at
    ) as boundaries,
    coalesce(bool_or(
        told.event = 'SubjectErased' and coalesce(told.details ->> 'mode', 'TOMBSTONE') = 'TOMBSTONE'
    ), false) as is_erased,
    coalesce(bool_or(
        told.event = 'SubjectsLinked' and coalesce(told.details ->> 'relation', 'HOUSEHOLD') = 'SAME_PERSON'
    ), false) as is_linked,
    -- Of any event, whatever its time (rulings.md 14); a collection without purposes counts as such a word.
    coalesce(bool_or(
        not list_has_all(rule.elements, coalesce(told.elements, []))
        or not list_has_all(rule.purposes, coalesce(told.purposes, []))
        or not coalesce(list_contains(rule.sources, told.source), true)
        or not coalesce(list_contains(rule.recipients, told.recipient), true)
        or not coalesce(list_contains(rule.customers, told.on_behalf_of), true)
        or (told.event = 'Collected' and len(told.purposes) = 0)
    ), false) as has_unknown_word
from told
cross join rule
group by told.ask
