-- Which records do these erasures take out?
-- One row per record, with the number it had and the erasure that was recorded first.
with erasure as (
    select unnest($erasures::struct(
        subject uuid, event_id uuid, recorded_at timestamptz, part int, place bigint, through timestamptz
    )[], max_depth := 2)
),

erased as (
    select
        told.log_partition,
        told.log_offset,
        told.subject,
        told.event_id,
        told.producer,
        told.incarnation,
        told.sequence,
        erasure.recorded_at as erased_at,
        erasure.event_id as erased_by
    from event_row as told
    join erasure on erasure.subject = told.subject and told.occurred_at < erasure.through
    where told.event not in ('SubjectsLinked', 'SubjectsUnlinked', 'SubjectDescribed', 'SubjectErased')
),

concerned as (
    select log_partition, log_offset, producer, incarnation, sequence, erased_at, erased_by
    from erased

    union all

    -- It said the same again.
    select
        repeated.log_partition, repeated.log_offset, repeated.producer, repeated.incarnation, repeated.sequence,
        erased.erased_at, erased.erased_by
    from repeat_row as repeated
    join erased using (subject, event_id)

    union all

    -- It claims to be the same event, and says something else: alone it would be taken for that event.
    select
        parked.log_partition, parked.log_offset, parked.producer, parked.incarnation, parked.sequence,
        erased.erased_at, erased.erased_by
    from parked_row as parked
    join erased using (subject, event_id)
    where parked.subjects = [parked.subject]

    union all

    -- Nobody can say what occurred when. Somebody else's gap stays.
    select
        parked.log_partition, parked.log_offset, parked.producer, parked.incarnation, parked.sequence,
        erasure.recorded_at, erasure.event_id
    from parked_row as parked
    join erasure
        on parked.subjects = [erasure.subject]
        and (parked.recorded_at, parked.log_partition, parked.log_offset)
            < (erasure.recorded_at, erasure.part, erasure.place)
)

select
    log_partition,
    log_offset,
    any_value(producer),
    any_value(incarnation),
    any_value(sequence),
    arg_min(erased_by, (erased_at, erased_by))
from concerned
group by log_partition, log_offset
