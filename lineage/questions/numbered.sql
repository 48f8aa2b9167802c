-- Which numbers of which life were recorded by then?
-- One row per island of numbers; islands may overlap. What is recorded now is kept as islands; for an earlier instant
-- the records are counted again.
select producer, incarnation, first, last
from sequence_run
where $is_now::bool

union all

select producer, incarnation, sequence as first, sequence as last
from (
    select producer, incarnation, sequence, recorded_at from event_row
    union all
    select producer, incarnation, sequence, recorded_at from repeat_row
    union all
    select producer, incarnation, sequence, recorded_at from parked_row
    union all
    select producer, incarnation, sequence, recorded_at from erased_row
) as recorded
where not $is_now::bool and recorded_at <= $as_of and incarnation is not null and sequence >= 1
