-- Which records of a partition stand in the archive and not in the database in exactly one way, or there alone?
-- One row per island of offsets with the same fault, of those that are archived and projected ($through).
-- An erased record may stand there or not: whether it did depends on when it was erased.
with archived as (
    select "offset", erased_by is not null as is_erased
    from read_parquet($segments)
    where "offset" <= $through
),

told as (
    select log_offset from event_row where log_partition = $partition and log_offset <= $through
    union all
    select log_offset from repeat_row where log_partition = $partition and log_offset <= $through
    union all
    select log_offset from parked_row where log_partition = $partition and log_offset <= $through
    union all
    select log_offset from producer_report where log_partition = $partition and log_offset <= $through
    union all
    select log_offset from adopted_policy where log_partition = $partition and log_offset <= $through
),

projected as (
    select log_offset as "offset", count(*) as ways
    from told
    group by log_offset
),

judged as (
    select
        "offset",
        case
            when archived.is_erased is null then 'NOT_ARCHIVED'
            when ways > 1 then 'PROJECTED_TWICE'
            when ways is null and not archived.is_erased then 'NOT_PROJECTED'
        end as what
    from archived full join projected using ("offset")
),

faults as (
    select
        "offset",
        what,
        "offset" - row_number() over (partition by what order by "offset") as island
    from judged
    where what is not null
)

select what, min("offset") as "first", max("offset") as "last"
from faults
group by what, island
order by "first"
