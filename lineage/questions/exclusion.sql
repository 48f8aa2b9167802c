-- What is left out of the answer, and why?
-- One row per request and reason, with how many events in the window it leaves out (rulings.md 23, 25, 42).
with left_out as (
    select
        owned.ask,
        owned.excluded as reason,
        told.subject,
        told.event_id
    from owned
    join told using (item)
    where owned.in_window and owned.excluded <> 'ACTOR' and told.subject is not null

    union

    select
        heard.ask,
        'HOUSEHOLD',
        heard.subject,
        heard.event_id
    from heard
    join asked on asked.ask = heard.ask
    where heard.is_household
        and not heard.is_taken_out
        and heard.event in ('Collected', 'Used', 'Shared', 'Corrected', 'Deleted')
        and greatest(heard.occurred_at, heard.member_from) < asked.window_to
        and (
            heard.occurred_at >= asked.window_from
            or least(
                case when heard.ongoing then heard.member_to else heard.occurred_until end, heard.member_to
            ) > asked.window_from
        )
)

select
    ask,
    reason,
    count(*) as events
from left_out
group by ask, reason
