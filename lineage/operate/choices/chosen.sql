-- Who chose something, is young, was erased?
-- One row per accepted event that says so. `is_entangled`: what it means takes more than the event: its token is linked with
-- others, or something of it was taken back or erased.
with entangled as (
    select subject
    from event_row
    where event in ('SubjectsLinked', 'SubjectsUnlinked', 'SubjectErased', 'EventRetracted') or supersedes is not null

    union

    select other
    from event_row
    where other is not null

    union

    select unnest($decided::uuid[])
)

select
    told.subject,
    told.event_id,
    told.event,
    told.occurred_at,
    told.purposes,
    told.method,
    told.details,
    entangled.subject is not null or told.event <> 'ChoiceMade' as is_entangled
from event_row as told
left join entangled on entangled.subject = told.subject
where told.subject is not null
    and (
        told.event in ('ChoiceMade', 'SubjectErased')
        or (told.event = 'SubjectDescribed' and (told.details ->> 'age_band') in ('UNDER_13', 'FROM_13_TO_15'))
    )
