-- What did we do with the person's data for one customer, in the window?
-- One row per event that is the customer's to answer for (rulings.md 23), the earliest first; from whom, to whom and why
-- as it was told, for the customer judges it by its own policy. A sharing of everybody names no person.
select
    event,
    event_id::text as event_id,
    subject is null as is_of_everybody,
    min(piece_from) as begins,
    max(piece_to) as ends,
    any_value(count) as count,
    any_value(system) as system,
    any_value(elements) as elements,
    any_value(source) as source,
    any_value(recipient) as recipient,
    any_value(purposes) as purposes,
    any_value(operation) as operation,
    any_value(outcome) as outcome,
    any_value(consideration) as consideration,
    any_value(occasion) as occasion,
    any_value(reason) as reason,
    any_value(instruction) as instruction,
    any_value(exemption) as exemption
from owned
where is_customers and on_behalf_of = $customer and in_window
group by subject, event_id, event
order by begins, event_id
