-- Who told events for which system?
-- One row per producer and system.
select
    producer,
    system,
    count(*) as events,
    min(recorded_at) as first_recorded_at,
    max(recorded_at) as last_recorded_at
from event_row
where recorded_at <= $as_of and system is not null
group by producer, system
order by producer, system
