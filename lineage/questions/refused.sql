-- Of whom may a parked record speak?
-- One row per request. A record that does not tell its person may speak of anybody.
select distinct member.ask
from member
join (
    select subjects
    from parked_row
    anti join settlement_row using (log_partition, log_offset)
) as parked on parked.subjects is null or list_contains(parked.subjects, member.subject)
