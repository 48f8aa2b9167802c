-- Of whom may a parked record speak?
-- One row per request. A record that does not tell its person may speak of anybody.
select distinct asked.ask
from asked
left join member using (ask)
join (
    select
        parked_row.recorded_at,
        parked_row.subjects,
        settlement_row.settled_at
    from parked_row
    left join settlement_row using (log_partition, log_offset)
) as parked
    on parked.recorded_at <= asked.as_of
    and coalesce(parked.settled_at > asked.as_of, true)
    and (
        parked.subjects is null
        or list_contains(parked.subjects, asked.subject)
        or list_contains(parked.subjects, member.subject)
    )
