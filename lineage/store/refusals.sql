-- Which records were refused under these identities, and whose refusal has been settled?
-- One row per record. `asked` are the identities; a PopulationShared has no subject.
select
    parked_row.log_partition,
    parked_row.log_offset,
    parked_row.recorded_at,
    cast(parked_row.subject as blob) as subject,
    cast(parked_row.event_id as blob) as event_id,
    parked_row.content,
    settlement_row.settled_at is not null as settled
from parked_row
semi join (select cast(event_id as uuid) as event_id, cast(subject as uuid) as subject from asked) as asked
    on parked_row.event_id = asked.event_id and parked_row.subject is not distinct from asked.subject
left join settlement_row using (log_partition, log_offset)
order by log_partition, log_offset
