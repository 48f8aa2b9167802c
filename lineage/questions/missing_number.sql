-- Which numbers of which life never came?
-- One row per producer, incarnation and range, both ends included.
with bounded as (
    select producer, incarnation, first, last
    from numbered
    union all
    -- The last number that is known must be reached, too.
    select
        producer,
        incarnation,
        last_number + 1 as first,
        last_number + 1 as last
    from incarnation
),

ordered as (
    select
        producer,
        incarnation,
        first,
        coalesce(
            max(last) over (
                partition by producer, incarnation
                order by first, last
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as reached
    from bounded
)

select
    producer,
    incarnation,
    reached + 1 as first,
    first - 1 as last
from ordered
where first > reached + 1
order by producer, incarnation, first
