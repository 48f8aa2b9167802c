-- A year of many people as rows of event_row. `template` holds one real projected row per activity with its
-- producer, `slot` says which activities make a person's forty events.
create or replace temporary table happened as
with person as (
    select
        number,
        -- Tokens are pseudonyms: no order in them (UUID version 8).
        cast(substr(md5(cast(number as text)), 1, 12) || '8' || substr(md5(cast(number as text)), 14) as uuid) as subject,
        case when number % 5 = 4 then 'visitor' else 'participant' end as part
    from range($people) as people(number)
),

placed as (
    select
        person.number,
        person.subject,
        slot.activity,
        slot.place,
        hash(person.number, slot.place) as chance,
        slot.from_day + (hash(person.number, slot.place) // 7) % (slot.to_day - slot.from_day) as day
    from person
    join slot on slot.part = person.part
),

timed as (
    select
        *,
        $begins + to_microseconds(
            cast(day as bigint) * 86400000000 + cast(chance % 86400000000 as bigint)
        ) as occurred_at
    from placed
)

select
    number,
    subject,
    activity,
    place,
    occurred_at,
    -- The log stamps in milliseconds, a little later.
    date_trunc('millisecond', occurred_at + to_milliseconds(cast(5 + chance % 3000 as bigint))) as recorded_at,
    cast(hash(subject) % 6 as int) as log_partition,
    cast(printf(
        '%012x7%03x%016x',
        epoch_ms(occurred_at),
        chance % 4096,
        (hash(place, number) % 4611686018427387904 + 9223372036854775808)::ubigint
    ) as uuid) as event_id,
    cast(chance % 30 + 1 as bigint) as count
from timed;

create or replace temporary table numbered as
select
    *,
    row_number() over (partition by log_partition order by recorded_at, event_id) - 1 as log_offset,
    row_number() over (order by recorded_at) as arrived
from happened;

drop table happened;

create or replace temporary table sequenced as
select
    numbered.*,
    template.producer as producer,
    row_number() over (partition by template.producer order by arrived) as sequence
from numbered
join template using (activity);

drop table numbered;

-- As after a compaction: nine tenths in order, and the newest tenth in the runs of its batches.
insert into event_row
select template.* replace (
    sequenced.log_partition as log_partition,
    sequenced.log_offset as log_offset,
    sequenced.recorded_at as recorded_at,
    sequenced.event_id as event_id,
    sequenced.subject as subject,
    sequenced.occurred_at as occurred_at,
    case when template.event = 'Collected' then sequenced.count else 1 end as count,
    sequenced.sequence as sequence,
    case
        when template.recipient = 'R_SHERIFF' and sequenced.number % 3 = 0 then 'R_SHERIFF2'
        else template.recipient
    end as recipient
)
from sequenced
join template using (activity)
order by
    greatest(0, arrived - (select count(*) * 9 // 10 from sequenced)) // 50000
        + case when arrived > (select count(*) * 9 // 10 from sequenced) then 1 else 0 end,
    sequenced.subject, sequenced.occurred_at, sequenced.event_id;

insert into compaction
select count(*) * 9 // 10, max(event_id) filter (where arrived <= (select count(*) * 9 // 10 from sequenced)),
    max(recorded_at) filter (where arrived <= (select count(*) * 9 // 10 from sequenced))
from sequenced;

insert into sequence_run
select template.producer, template.incarnation, 1, max(sequenced.sequence)
from sequenced
join template using (activity)
group by template.producer, template.incarnation;

-- Every producer says on the beat, in every partition, that all was told.
insert into producer_report
select
    cast(md5(concat(producer, beat)) as uuid),
    producer,
    incarnation,
    coalesce(sequence_run.last, 0),
    $begins + to_seconds(beat * $beat_seconds),
    $begins + to_seconds((beat + 1) * $beat_seconds),
    [],
    false,
    $begins + to_seconds((beat + 1) * $beat_seconds),
    $begins + to_seconds((beat + 1) * $beat_seconds),
    log_partition,
    1000000000 + beat
from teller
left join sequence_run using (producer, incarnation)
cross join range(cast(381 * 86400 // $beat_seconds as bigint)) as beats(beat)
cross join range(6) as partitions(log_partition)
order by beat, producer, log_partition;

insert into position
select 'personal-data-events/' || log_partition, max(log_offset), $begins + interval 381 day, null
from sequenced
group by log_partition;

drop table sequenced;
