-- Which refused records of these ids are still open? One row per record, with its value: it is read again.
select log_partition, log_offset, recorded_at, key, value
from parked_row
anti join settlement_row using (log_partition, log_offset)
where event_id in (select cast(event_id as uuid) from asked)
    and value is not null
order by recorded_at, log_partition, log_offset
