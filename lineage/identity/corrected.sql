-- What do the corrections of these tokens correct?
-- One row per accepted event of an asked token whose id is wanted.
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
    and event_id in (select unnest($wanted))
    and (recorded_at <= $as_of or event = 'SubjectErased')
