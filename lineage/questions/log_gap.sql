-- Why may the log not be the whole story of a window, whoever asks?
-- One row per request and reason (rulings.md 8, 37 to 39). ERASED: what was let go for its age, whoever asks.
with behind as (
    select min(coalesce(recorded_at, '-infinity'::timestamptz)) as recorded_at
    from reached
)

select
    asked.ask,
    'LAG' as reason,
    null as producer,
    null as system,
    greatest(least(behind.recorded_at, asked.as_of), asked.window_from) as gap_from,
    asked.window_to as gap_to
from asked
cross join behind
where least(behind.recorded_at, asked.as_of) < asked.window_to

union

select ask, 'SEQUENCE', producer, null, null, null
from lost_number

union

select ask, 'SILENT', producer, null, gap_from, gap_to
from silence

union

select asked.ask, 'UNPUBLISHED_SYSTEM', null, policy_system.system, asked.window_from, asked.window_to
from asked
cross join policy_system
where policy_system.policy = $policy and not policy_system.publishes and not policy_system.attested_free

union

select asked.ask, 'ERASED', null, null, asked.window_from, least(expired.expired_before, asked.window_to)
from asked
cross join expired
where expired.expired_before > asked.window_from
