-- How far was each partition read by then?
-- One row per partition: the running maximum of its record times (rulings.md 8).
select tracking_name as log_partition, max(recorded_at) as recorded_at
from position
where $is_now::bool
group by tracking_name

union all

select log_partition::text, max(recorded_at) filter (where recorded_at <= $as_of)
from (
    select log_partition, recorded_at from event_row
    union all
    select log_partition, recorded_at from repeat_row
    union all
    select log_partition, recorded_at from parked_row
    union all
    select log_partition, recorded_at from erased_row
    union all
    select log_partition, recorded_at from producer_report
    union all
    select log_partition, recorded_at from adopted_policy
) as recorded
where not $is_now::bool
group by log_partition
