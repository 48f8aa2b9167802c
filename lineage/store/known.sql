-- Which events are accepted under these identities, and what do they say?
-- One row per known identity. `asked` are the identities; the bounds let DuckDB skip row groups by their ids.
select event_row.* replace (
    cast(event_row.event_id as blob) as event_id,
    cast(event_row.subject as blob) as subject,
    cast(event_row.incarnation as blob) as incarnation,
    cast(event_row.supersedes as blob) as supersedes,
    cast(event_row.other as blob) as other,
    cast(event_row.retracts as blob) as retracts
)
from event_row
semi join (select cast(event_id as uuid) as event_id, cast(subject as uuid) as subject from asked) as asked
    on event_row.event_id = asked.event_id and event_row.subject is not distinct from asked.subject
where event_row.event_id between $least and $greatest
