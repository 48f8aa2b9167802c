-- Of whom is there a record that could not be read?
-- One row per open refused record and token it may speak of. One that may speak of anybody has none: no choice comes in under
-- a key that is no token.
select
    parked_row.log_partition,
    parked_row.log_offset,
    parked_row.recorded_at,
    unnest(parked_row.subjects) as subject
from parked_row
anti join settlement_row using (log_partition, log_offset)
