-- The tables for analysts. Nothing here judges: superseded, retracted and excluded events are rows like others.

create or replace view events as
select * from event_row;

create or replace view facts as
select
    unnest(elements) as element,
    subject,
    namespace,
    event,
    event_id,
    occurred_at,
    occurred_until,
    ongoing,
    count,
    recorded_at,
    system,
    source,
    recipient,
    purposes,
    operation,
    consideration,
    occasion,
    outcome,
    actor,
    on_behalf_of,
    producer,
    origin,
    activity,
    supersedes
from event_row
where elements is not null;

create or replace view disclosures as
select
    unnest(elements) as element,
    subject,
    recipient,
    purposes,
    consideration,
    occasion,
    outcome,
    occurred_at,
    occurred_until,
    ongoing,
    count,
    recorded_at,
    system,
    actor,
    on_behalf_of,
    legal_document,
    undisclosed_until,
    event,
    event_id,
    supersedes
from event_row
where event in ('Shared', 'PopulationShared');

create or replace view subjects as
select
    subject,
    list_sort(list_distinct(list(namespace))) as namespaces,
    count(*) as count_events,
    sum(count) as count_occurrences,
    count(*) filter (where event = 'Collected') as count_collected,
    count(*) filter (where event = 'Shared') as count_shared,
    min(occurred_at) as first_occurred_at,
    max(coalesce(occurred_until, occurred_at)) as last_occurred_at,
    max(recorded_at) as last_recorded_at
from event_row
where subject is not null
group by subject;

create or replace view coverage as
with run as (
    select
        *,
        max(last) over (
            partition by producer, incarnation
            order by first, last
            rows between unbounded preceding and 1 preceding
        ) as before
    from sequence_run
),

seen as (
    select
        producer,
        incarnation,
        min(first) as first_sequence,
        max(last) as greatest_sequence,
        sum(greatest(0, last - greatest(first - 1, coalesce(before, 0)))) as count_numbers
    from run
    group by producer, incarnation
),

reported as (
    select
        producer,
        incarnation,
        max(last_sequence) as reported_sequence,
        min(covers_from) filter (where covers_from < covers_until) as covers_from,
        max(covers_until) filter (where covers_from < covers_until) as covers_until,
        bool_or(closing) as is_closed
    from producer_report
    group by producer, incarnation
)

select
    coalesce(seen.producer, reported.producer) as producer,
    coalesce(seen.incarnation, reported.incarnation) as incarnation,
    seen.first_sequence,
    seen.greatest_sequence,
    cast(
        greatest(coalesce(seen.greatest_sequence, 0), coalesce(reported.reported_sequence, 0))
        - coalesce(seen.count_numbers, 0) as bigint
    ) as count_missing,
    reported.reported_sequence,
    reported.covers_from,
    reported.covers_until,
    coalesce(reported.is_closed, false) as is_closed
from seen
full join reported
    on seen.producer = reported.producer and seen.incarnation = reported.incarnation;

create or replace view parked as
select
    parked_row.reason,
    parked_row.subjects,
    parked_row.event_id,
    parked_row.producer,
    parked_row.incarnation,
    parked_row.sequence,
    parked_row.recorded_at,
    settled.settled_at,
    parked_row.log_partition,
    parked_row.log_offset
from parked_row
left join (
    select log_partition, log_offset, min(settled_at) as settled_at
    from settlement_row
    group by log_partition, log_offset
) as settled
    on settled.log_partition = parked_row.log_partition and settled.log_offset = parked_row.log_offset;
