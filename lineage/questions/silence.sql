-- For which time has a declared producer not told everything?
-- One row per request, producer and hole in the window (rulings.md 38).
with told_of as (
    select producer, covers_from as valid_from, covers_until as valid_until
    from reported
    where covers_until > covers_from
    union all
    select producer, valid_from, valid_until
    from policy_producer_attested
    where policy = $policy
),

stretch as (
    select
        asked.ask,
        declared.producer,
        greatest(told_of.valid_from, declared.covers_from, asked.window_from) as valid_from,
        least(told_of.valid_until, asked.window_to) as valid_until
    from asked
    cross join policy_producer as declared
    join told_of
        on told_of.producer = declared.producer
        and told_of.valid_until > asked.window_from
        and told_of.valid_from < asked.window_to
    where declared.policy = $policy
    union all
    -- What ends the window must be reached, too.
    select
        asked.ask,
        declared.producer,
        asked.window_to as valid_from,
        asked.window_to as valid_until
    from asked
    cross join policy_producer as declared
    where declared.policy = $policy
),

ordered as (
    select
        stretch.ask,
        stretch.producer,
        coalesce(
            max(stretch.valid_until) over (
                partition by stretch.ask, stretch.producer
                order by stretch.valid_from, stretch.valid_until
                rows between unbounded preceding and 1 preceding
            ),
            asked.window_from
        ) as gap_from,
        stretch.valid_from as gap_to
    from stretch
    join asked on asked.ask = stretch.ask
    where stretch.valid_from <= stretch.valid_until
),

unfinished as (
    select
        asked.ask,
        incarnation.producer,
        greatest(min(incarnation.covers_until), asked.window_from) as gap_from,
        bool_and(incarnation.covers_until is not null) as is_known
    from asked
    cross join incarnation
    join policy_producer as declared
        on declared.policy = $policy and declared.producer = incarnation.producer
    where not incarnation.is_closed
        and coalesce(incarnation.covers_until < asked.window_to, true)
    group by asked.ask, asked.window_from, incarnation.producer
)

select ask, producer, gap_from, gap_to
from ordered
where gap_to > gap_from

union

select
    unfinished.ask,
    unfinished.producer,
    case when unfinished.is_known then unfinished.gap_from end as gap_from,
    case when unfinished.is_known then asked.window_to end as gap_to
from unfinished
join asked on asked.ask = unfinished.ask
