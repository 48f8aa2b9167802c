-- What kind of identifier does each of these tokens stand for?
-- One row per asked token that has an event which names its namespace.
select
    subject,
    min(namespace) as namespace
from event_row
where subject in (select unnest($asked))
    and recorded_at <= $as_of
    and namespace <> ''
group by subject
