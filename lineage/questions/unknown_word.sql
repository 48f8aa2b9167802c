-- Who has a word in some event that the policy does not know?
-- A row per request and event, whatever its time, also one that was replaced (rulings.md 14); a collection without
-- purposes counts as such a word.
select heard.ask
from heard
cross join rule
where not heard.is_household
    and (
        not list_has_all(rule.elements, coalesce(heard.elements, []))
        or not list_has_all(rule.purposes, coalesce(heard.purposes, []))
        or not coalesce(list_contains(rule.sources, heard.source), true)
        or not coalesce(list_contains(rule.recipients, heard.recipient), true)
        or not coalesce(list_contains(rule.customers, heard.on_behalf_of), true)
        or (heard.event = 'Collected' and len(heard.purposes) = 0)
    )
