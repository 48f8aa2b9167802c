-- What was told that decides who these tokens are, and which events were taken back?
-- One row per accepted event of an asked token, or that links another token with it. An erasure holds whenever it was
-- recorded (rulings.md 22). Each half reads its own way: rows are sorted by subject, and few have another token.
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
    activity,
    details
from event_row
where subject in (select unnest($asked))
    and (recorded_at <= $as_of or event = 'SubjectErased')
    and (
        event in ('SubjectsLinked', 'SubjectsUnlinked', 'SubjectDescribed', 'SubjectErased', 'EventRetracted')
        or supersedes is not null
    )

union all

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
    activity,
    details
from event_row
where other in (select unnest($asked))
    and not subject in (select unnest($asked))
    and recorded_at <= $as_of
    and event in ('SubjectsLinked', 'SubjectsUnlinked')
