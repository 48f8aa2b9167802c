-- From when until when does each producer say, or somebody for it, that all was told?
-- One row per producer that reported or is attested, null where that is open; holes in between are a matter of silence.sql.
select
    producer,
    nullif(min(valid_from), '-infinity'::timestamptz) as told_from,
    nullif(max(valid_until), 'infinity'::timestamptz) as told_until,
    max(recorded_at) as last_report_at
from (
    select
        producer,
        covers_from as valid_from,
        covers_until as valid_until,
        recorded_at
    from reported
    where covers_until > covers_from
    union all
    select
        producer,
        valid_from,
        valid_until,
        null as recorded_at
    from policy_producer_attested
    where policy = $policy
) as stretch
group by producer
order by producer
