-- Which events correct others, and which are corrected?
-- One row per such event of anybody.
with correcting as (
    select subject, event_id, supersedes, retracts
    from event_row
    where recorded_at <= $as_of and (supersedes is not null or retracts is not null)
),

concerned as (
    select subject, event_id from correcting
    union
    select subject, supersedes from correcting where supersedes is not null
    union
    select subject, retracts from correcting where retracts is not null
)

select
    event_row.subject,
    event_row.event_id,
    event_row.event,
    event_row.recorded_at,
    event_row.supersedes,
    event_row.retracts
from event_row
semi join concerned
    on event_row.event_id = concerned.event_id and event_row.subject is not distinct from concerned.subject
where event_row.recorded_at <= $as_of
