-- How many refused records are open, and why?
-- One row per reason; `concerning_everybody` are those that do not tell their person.
select
    reason,
    count(*) as records,
    count(*) filter (where concerns is null) as concerning_everybody,
    min(recorded_at) as first_recorded_at,
    max(recorded_at) as last_recorded_at
from still_refused
group by reason
order by reason
