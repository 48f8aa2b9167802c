-- Who has a word in some event that the policy does not know?
-- A row per request and event, whatever its time, also one that was replaced (rulings.md 14); a collection without
-- purposes counts as such a word.
select heard.ask
from heard
where not heard.is_household
    and (
        not list_has_all($words, coalesce(heard.elements, []))
        or not list_has_all($purposes, coalesce(heard.purposes, []))
        or (heard.source is not null and list_position($sources, heard.source) is null)
        or (heard.recipient is not null and list_position($recipients, heard.recipient) is null)
        or (heard.on_behalf_of is not null and list_position($customers, heard.on_behalf_of) is null)
        or (heard.event = 'Collected' and len(heard.purposes) = 0)
    )
