-- A record recorded earlier came through another partition: what stood accepted under its identity steps back.
-- One statement a step, all inside the batch's transaction. `batch_displaced` names the rows.
insert into repeat_row
select
    event_row.log_partition, event_row.log_offset, event_row.recorded_at, event_row.subject, event_row.event_id,
    event_row.producer, event_row.incarnation, event_row.sequence
from event_row
join batch_displaced using (log_partition, log_offset)
where batch_displaced.same;

-- Its repeats said what it said: they are refused with it. Their bytes are in the log, at their place.
insert into parked_row
with outdone as (
    select event_row.*
    from event_row
    join batch_displaced using (log_partition, log_offset)
    where not batch_displaced.same
),

refused as (
    select log_partition, log_offset, recorded_at, subject, event_id, producer, incarnation, sequence
    from outdone
    union all
    select
        repeat_row.log_partition, repeat_row.log_offset, repeat_row.recorded_at, repeat_row.subject,
        repeat_row.event_id, repeat_row.producer, repeat_row.incarnation, repeat_row.sequence
    from repeat_row
    join outdone
        on outdone.event_id = repeat_row.event_id and outdone.subject is not distinct from repeat_row.subject
)

select
    log_partition, log_offset, recorded_at, 'OTHER_CONTENT', cast(subject as blob), null,
    case when subject is not null then [subject] end, event_id, producer, incarnation, sequence
from refused;

delete from repeat_row
where (log_partition, log_offset) in (select (log_partition, log_offset) from parked_row where value is null);

delete from event_row
where (log_partition, log_offset) in (select (log_partition, log_offset) from batch_displaced);
