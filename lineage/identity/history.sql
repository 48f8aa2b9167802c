-- What was told that decides who these tokens are, and which events were taken back?
-- One row per accepted event of an asked token, or that links another token with it. An erasure holds whenever it was
-- recorded (rulings.md 22).
with asked as (
    select unnest($asked) as token
),

deciding as (
    select
        subject,
        event_id,
        event,
        recorded_at,
        occurred_at,
        namespace,
        other,
        supersedes,
        retracts,
        details
    from event_row
    where (recorded_at <= $as_of or event = 'SubjectErased')
        and (
            event in ('SubjectsLinked', 'SubjectsUnlinked', 'SubjectDescribed', 'SubjectErased', 'EventRetracted')
            or supersedes is not null
        )
)

select deciding.*
from deciding
join asked on deciding.subject = asked.token
union
select deciding.*
from deciding
join asked on deciding.other = asked.token
