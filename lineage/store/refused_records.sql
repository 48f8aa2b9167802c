-- What do the refused records at these places say?
-- One row per record, whole. `asked` are the places. Of a record that stood accepted once the value is not kept here.
select
    parked_row.log_partition,
    parked_row.log_offset,
    epoch_us(parked_row.recorded_at) as recorded_at,
    parked_row.key,
    parked_row.value
from parked_row
semi join asked using (log_partition, log_offset)
where parked_row.reason <> 'OTHER_CONTENT' or parked_row.value is not null
order by parked_row.log_partition, parked_row.log_offset
