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

-- What each view and column means; docs/views.md says the same, and a test compares.

comment on view events is 'One row per accepted event. Superseded, retracted and excluded events are rows like others.';
comment on column events.log_partition is 'Partition of the log the record came through.';
comment on column events.log_offset is 'Its offset there: partition and offset find the record again.';
comment on column events.recorded_at is 'When the log recorded it, UTC; never falls within a partition.';
comment on column events.event is 'What happened: Collected, Used, Shared, Deleted and so on, in the past tense.';
comment on column events.event_id is 'The event''s id. With the subject it is the event''s identity.';
comment on column events.subject is 'Token of the person; null for PopulationShared, which concerns everybody held in the system.';
comment on column events.namespace is 'What identified the person: account, email, phone, device, cookie.';
comment on column events.occurred_at is 'When it happened, or began, UTC.';
comment on column events.occurred_until is 'When it ended, exclusive, UTC; null for an instant.';
comment on column events.ongoing is 'True: an interval that has not ended.';
comment on column events.count is 'How many occurrences the event stands for.';
comment on column events.producer is 'Who told it: the id of the service.';
comment on column events.incarnation is 'One life of the producer''s counter.';
comment on column events.sequence is 'Its number 1, 2, 3 in that life; a missing number is a lost record.';
comment on column events.origin is 'LIVE, or RECONSTRUCTED by a backfill.';
comment on column events.system is 'The system of record where it happened.';
comment on column events.actor is 'Who did it; null is the business itself.';
comment on column events.on_behalf_of is 'The customer for whom the data is processed; null is the business''s own data.';
comment on column events.instruction is 'That customer''s instruction.';
comment on column events.regimes is 'Other laws that govern the data: HIPAA, FERPA, CJIS, GDPR.';
comment on column events.exemption is 'An exemption claimed; it removes nothing without claim_evidence.';
comment on column events.claim_evidence is 'Pointer to what proves a claim that removes a line.';
comment on column events.activity is 'The activity of the policy this is an instance of.';
comment on column events.request is 'The request it serves.';
comment on column events.supersedes is 'Id of the event of the same subject that this one replaces.';
comment on column events.elements is 'Kinds of datum concerned, as told; null for events about no data.';
comment on column events.source is 'Where collected data came from, by source id.';
comment on column events.recipient is 'Who received or demanded data, or was told, by recipient id.';
comment on column events.purposes is 'What for, by purpose ids.';
comment on column events.consideration is 'What was received for it: NONE, MONEY, OTHER_VALUE, UNKNOWN.';
comment on column events.occasion is 'ORDINARY, CONSUMER_DIRECTED, SWITCHING, OPT_OUT_SIGNAL, MERGER, LEGAL_PROCESS, EMERGENCY.';
comment on column events.outcome is 'GRANTED or DENIED of a sharing; what came of a notification.';
comment on column events.operation is 'What a use was: USED, CONSULTED, STORED, COMBINED, DECIDED, RESTORED.';
comment on column events.reason is 'Why it was deleted, or retracted.';
comment on column events.method is 'How it was deleted, or how a choice was made.';
comment on column events.collected_before is 'A deletion clears only what was collected before, UTC; null: all that is held.';
comment on column events.held_in is 'Pointer to where the value is held; never the value.';
comment on column events.notice is 'The notice given at collection.';
comment on column events.legal_basis is 'The legal basis claimed.';
comment on column events.retention is 'The retention rule that applies.';
comment on column events.operator is 'Pseudonym of the employee or process that did it.';
comment on column events.consent is 'Pointer to the consent.';
comment on column events.legal_document is 'Pointer to the order, warrant or emergency record.';
comment on column events.undisclosed_until is 'Until when an order forbids to tell of it, UTC; null: no order.';
comment on column events.other is 'The other token of a link.';
comment on column events.retracts is 'Id of the event of the same subject that should never have been sent.';
comment on column events.about is 'What a recipient was told of: DELETION, OPT_OUT, CORRECTION, LIMIT, RESTRICTION, STATEMENT.';
comment on column events.kind is 'The kind of a hold.';
comment on column events.details is 'JSON object of every other field that is neither null nor its default; null when nothing remains.';

comment on view facts is 'One row per event and element: what the event says of one kind of datum.';
comment on column facts.element is 'The kind of datum, as told.';
comment on column facts.subject is 'Token of the person; null for PopulationShared, which concerns everybody held in the system.';
comment on column facts.namespace is 'What identified the person: account, email, phone, device, cookie.';
comment on column facts.event is 'What happened: Collected, Used, Shared, Deleted and so on, in the past tense.';
comment on column facts.event_id is 'The event''s id. With the subject it is the event''s identity.';
comment on column facts.occurred_at is 'When it happened, or began, UTC.';
comment on column facts.occurred_until is 'When it ended, exclusive, UTC; null for an instant.';
comment on column facts.ongoing is 'True: an interval that has not ended.';
comment on column facts.count is 'How many occurrences the event stands for.';
comment on column facts.recorded_at is 'When the log recorded it, UTC; never falls within a partition.';
comment on column facts.system is 'The system of record where it happened.';
comment on column facts.source is 'Where collected data came from, by source id.';
comment on column facts.recipient is 'Who received or demanded data, or was told, by recipient id.';
comment on column facts.purposes is 'What for, by purpose ids.';
comment on column facts.operation is 'What a use was: USED, CONSULTED, STORED, COMBINED, DECIDED, RESTORED.';
comment on column facts.consideration is 'What was received for it: NONE, MONEY, OTHER_VALUE, UNKNOWN.';
comment on column facts.occasion is 'ORDINARY, CONSUMER_DIRECTED, SWITCHING, OPT_OUT_SIGNAL, MERGER, LEGAL_PROCESS, EMERGENCY.';
comment on column facts.outcome is 'GRANTED or DENIED of a sharing; what came of a notification.';
comment on column facts.actor is 'Who did it; null is the business itself.';
comment on column facts.on_behalf_of is 'The customer for whom the data is processed; null is the business''s own data.';
comment on column facts.producer is 'Who told it: the id of the service.';
comment on column facts.origin is 'LIVE, or RECONSTRUCTED by a backfill.';
comment on column facts.activity is 'The activity of the policy this is an instance of.';
comment on column facts.supersedes is 'Id of the event of the same subject that this one replaces.';

comment on view disclosures is 'One row per sharing (Shared, PopulationShared) and element, not classified.';
comment on column disclosures.element is 'The kind of datum, as told.';
comment on column disclosures.subject is 'Token of the person; null for PopulationShared, which concerns everybody held in the system.';
comment on column disclosures.recipient is 'Who received or demanded data, or was told, by recipient id.';
comment on column disclosures.purposes is 'What for, by purpose ids.';
comment on column disclosures.consideration is 'What was received for it: NONE, MONEY, OTHER_VALUE, UNKNOWN.';
comment on column disclosures.occasion is 'ORDINARY, CONSUMER_DIRECTED, SWITCHING, OPT_OUT_SIGNAL, MERGER, LEGAL_PROCESS, EMERGENCY.';
comment on column disclosures.outcome is 'GRANTED or DENIED of a sharing; what came of a notification.';
comment on column disclosures.occurred_at is 'When it happened, or began, UTC.';
comment on column disclosures.occurred_until is 'When it ended, exclusive, UTC; null for an instant.';
comment on column disclosures.ongoing is 'True: an interval that has not ended.';
comment on column disclosures.count is 'How many occurrences the event stands for.';
comment on column disclosures.recorded_at is 'When the log recorded it, UTC; never falls within a partition.';
comment on column disclosures.system is 'The system of record where it happened.';
comment on column disclosures.actor is 'Who did it; null is the business itself.';
comment on column disclosures.on_behalf_of is 'The customer for whom the data is processed; null is the business''s own data.';
comment on column disclosures.legal_document is 'Pointer to the order, warrant or emergency record.';
comment on column disclosures.undisclosed_until is 'Until when an order forbids to tell of it, UTC; null: no order.';
comment on column disclosures.event is 'What happened: Collected, Used, Shared, Deleted and so on, in the past tense.';
comment on column disclosures.event_id is 'The event''s id. With the subject it is the event''s identity.';
comment on column disclosures.supersedes is 'Id of the event of the same subject that this one replaces.';

comment on view subjects is 'One row per token: how much is told of it, and from when to when.';
comment on column subjects.subject is 'Token of the person.';
comment on column subjects.namespaces is 'What identified the person, each once, sorted.';
comment on column subjects.count_events is 'Accepted events.';
comment on column subjects.count_occurrences is 'Sum of their counts.';
comment on column subjects.count_collected is 'Events that are Collected.';
comment on column subjects.count_shared is 'Events that are Shared.';
comment on column subjects.first_occurred_at is 'Earliest start, UTC.';
comment on column subjects.last_occurred_at is 'Latest end of what has ended, UTC.';
comment on column subjects.last_recorded_at is 'When the log last recorded something of it, UTC.';

comment on view coverage is 'One row per producer and incarnation: are its numbers all there, and for which time has it reported?';
comment on column coverage.producer is 'The id of the service.';
comment on column coverage.incarnation is 'One life of the producer''s counter.';
comment on column coverage.first_sequence is 'Smallest number seen; null: only reports came.';
comment on column coverage.greatest_sequence is 'Greatest number seen; accepted, repeated and parked records count.';
comment on column coverage.count_missing is 'Numbers from 1 to the greatest seen or reported that never came.';
comment on column coverage.reported_sequence is 'Greatest number the producer says it used; null: it has not reported.';
comment on column coverage.covers_from is 'Start of its earliest report, UTC; holes between reports do not show here.';
comment on column coverage.covers_until is 'End of its latest report, UTC.';
comment on column coverage.is_closed is 'True: the producer has closed this incarnation.';

comment on view parked is 'One row per refused record; its bytes are not shown.';
comment on column parked.reason is 'UNKNOWN_SCHEMA, UNDECODABLE, KEY_MISMATCH, INVALID_TIME, FUTURE or OTHER_CONTENT.';
comment on column parked.subjects is 'Tokens it may concern; null: it may concern anybody.';
comment on column parked.event_id is 'Its event id, when readable.';
comment on column parked.producer is 'Who told it, when readable.';
comment on column parked.incarnation is 'One life of the producer''s counter.';
comment on column parked.sequence is 'Its number; it counts as seen.';
comment on column parked.recorded_at is 'When the log recorded it, UTC; never falls within a partition.';
comment on column parked.settled_at is 'When its content stood accepted under its id, UTC; null: still open.';
comment on column parked.log_partition is 'Partition of the log the record came through.';
comment on column parked.log_offset is 'Its offset there: partition and offset find the record again.';
