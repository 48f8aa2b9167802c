-- What kind of identifier does each of these tokens stand for?
-- One row per asked token that has an event by then; the namespace is null when none of them names it.
select
    subject,
    min(nullif(namespace, '')) as namespace
from event_row
where subject in (select unnest($asked))
    and recorded_at <= $as_of
group by subject
