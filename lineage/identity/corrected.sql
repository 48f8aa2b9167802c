-- What do the corrections of these tokens correct?
-- One row per accepted event that another of the same token replaces or retracts.
with correcting as (
    select subject, unnest([supersedes, retracts]) as event_id
    from event_row
    where subject in (select unnest($asked)) and recorded_at <= $as_of
)

select
    told.subject,
    told.event_id,
    told.event,
    told.recorded_at,
    told.occurred_at,
    told.namespace,
    told.other,
    told.supersedes,
    told.retracts,
    told.details
from event_row as told
semi join correcting on correcting.subject = told.subject and correcting.event_id = told.event_id
where told.recorded_at <= $as_of or told.event = 'SubjectErased'
