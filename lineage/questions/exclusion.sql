-- What is left out of the answer, and why?
-- A row per request, reason and event in the window that it leaves out; the same one may come again (rulings.md 23, 25,
-- 42).
select ask, excluded as reason, subject, event_id::text as event_id
from owned
where in_window and excluded <> 'ACTOR' and subject is not null

union all

select heard.ask, 'HOUSEHOLD', heard.subject, heard.event_id::text
from heard
where heard.is_household
    and not heard.is_taken_out
    and list_position(['Collected', 'Used', 'Shared', 'Corrected', 'Deleted'], heard.event) > 0
    and greatest(heard.occurred_at, heard.member_from) < heard.window_to
    and (
        heard.occurred_at >= heard.window_from
        or case
            when heard.ongoing then heard.member_to
            when heard.occurred_until is not null then least(heard.occurred_until, heard.member_to)
        end > heard.window_from
    )
