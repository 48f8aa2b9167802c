-- Which records were refused, and from when on is each one's refusal settled?
-- One row per refused record. Settled is one whose content was accepted after all, or of which a person decided that
-- it is no event: `discarded` are those decisions, each as of the instant that the log had reached (rulings.md 13).
select
    parked_row.log_partition,
    parked_row.log_offset,
    parked_row.recorded_at,
    parked_row.reason,
    parked_row.producer,
    parked_row.incarnation,
    parked_row.sequence,
    parked_row.subjects,
    least(accepted.settled_at, discarded.settled_at) as settled_at
from parked_row
left join (
    select log_partition, log_offset, min(settled_at) as settled_at
    from settlement_row
    group by log_partition, log_offset
) as accepted using (log_partition, log_offset)
left join (
    select unnest($discarded::struct(
        log_partition int,
        log_offset bigint,
        recorded_at timestamptz,
        settled_at timestamptz
    )[], max_depth := 2)
) as discarded using (log_partition, log_offset, recorded_at)
