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
    select event_row.*, batch_displaced.content
    from event_row
    join batch_displaced using (log_partition, log_offset)
    where not batch_displaced.same
),

refused as (
    select log_partition, log_offset, recorded_at, subject, event_id, producer, incarnation, sequence, content
    from outdone
    union all
    select
        repeat_row.log_partition, repeat_row.log_offset, repeat_row.recorded_at, repeat_row.subject,
        repeat_row.event_id, repeat_row.producer, repeat_row.incarnation, repeat_row.sequence, outdone.content
    from repeat_row
    join outdone
        on outdone.event_id = repeat_row.event_id and outdone.subject is not distinct from repeat_row.subject
)

select
    log_partition, log_offset, recorded_at, 'OTHER_CONTENT', cast(subject as blob), null,
    case when subject is not null then [subject] end, subject, event_id, producer, incarnation, sequence, content
from refused;

delete from repeat_row
where (log_partition, log_offset) in (select (log_partition, log_offset) from parked_row where value is null);

-- What its content had settled is judged again, beside what is accepted now.
delete from settlement_row
where (log_partition, log_offset) in (
    select parked_row.log_partition, parked_row.log_offset
    from parked_row
    join event_row
        on event_row.event_id = parked_row.event_id and event_row.subject is not distinct from parked_row.subject
    join batch_displaced
        on event_row.log_partition = batch_displaced.log_partition
        and event_row.log_offset = batch_displaced.log_offset
);

delete from event_row
where (log_partition, log_offset) in (select (log_partition, log_offset) from batch_displaced);
