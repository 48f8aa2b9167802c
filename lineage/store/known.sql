-- Which events are accepted under these identities, and what do they say?
-- One row per known identity. `asked` are the identities; the bounds let DuckDB skip row groups by their ids. Hardly
-- any is known: all columns are read of these rows only.
select event_row.* replace (
    cast(event_id as blob) as event_id,
    cast(subject as blob) as subject,
    cast(incarnation as blob) as incarnation,
    cast(supersedes as blob) as supersedes,
    cast(other as blob) as other,
    cast(retracts as blob) as retracts
)
from event_row
where rowid in (
    select accepted.rowid
    from event_row as accepted
    semi join (select cast(event_id as uuid) as event_id, cast(subject as uuid) as subject from asked) as asked
        on accepted.event_id = asked.event_id and accepted.subject is not distinct from asked.subject
    where accepted.event_id between $least and $greatest
)
