-- Of whom may a parked record speak?
-- One row per request. A record that does not tell its person may speak of anybody.
select distinct asked.ask
from asked
left join member using (ask)
join refusal
    on refusal.recorded_at <= asked.as_of
    and coalesce(refusal.settled_at > asked.as_of, true)
    and (
        refusal.subjects is null
        or list_contains(refusal.subjects, asked.subject)
        or list_contains(refusal.subjects, member.subject)
    )
