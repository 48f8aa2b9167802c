-- Which refused records are open as of an instant?
-- One row per record, in the order in which they were recorded.
select
    reason,
    producer,
    incarnation,
    sequence,
    recorded_at,
    log_partition,
    log_offset,
    len(subjects) as concerns
from refusal
where recorded_at <= $as_of and coalesce(settled_at > $as_of, true)
order by recorded_at, log_partition, log_offset
