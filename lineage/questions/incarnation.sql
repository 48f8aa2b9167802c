-- How far does each life of each producer go, and are all its numbers there?
-- One row per producer and incarnation (rulings.md 37). Parked and repeated records fill their number.
with ordered as (
    select
        producer,
        incarnation,
        first,
        last,
        coalesce(
            max(last) over (
                partition by producer, incarnation
                order by first, last
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as reached
    from numbered
),

seen as (
    select
        producer,
        incarnation,
        max(last) as last_seen,
        sum(greatest(0, last - greatest(first - 1, reached))) as numbers_seen
    from ordered
    group by producer, incarnation
),

told_last as (
    select
        producer,
        incarnation,
        max(last_sequence) as last_sequence,
        min(covers_from) filter (where covers_until > covers_from) as covers_from,
        max(covers_until) as covers_until,
        min(occurred_at) filter (where closing) as closed_at
    from reported
    group by producer, incarnation
),

attested as (
    select producer, incarnation, max(last_sequence) as last_sequence
    from policy_producer_closed
    where policy = $policy
    group by producer, incarnation
),

known as (
    select producer, incarnation from seen
    union
    select producer, incarnation from told_last
),

summed as (
    select
        known.producer,
        known.incarnation,
        told_last.covers_from,
        told_last.covers_until,
        told_last.closed_at,
        told_last.closed_at is not null or attested.producer is not null as is_closed,
        greatest(
            coalesce(seen.last_seen, 0),
            coalesce(told_last.last_sequence, 0),
            coalesce(attested.last_sequence, 0)
        ) as last_number,
        coalesce(seen.numbers_seen, 0) as numbers_seen
    from known
    left join seen using (producer, incarnation)
    left join told_last using (producer, incarnation)
    left join attested using (producer, incarnation)
)

select
    *,
    last_number - numbers_seen as numbers_missing
from summed
