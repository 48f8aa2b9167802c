-- Which facts are old, and which of them may go? Of everybody, judged as of now.
-- One row per record of a fact that was over and recorded before $before; `stays_for` tells why it must stay, null when it may go.
--
-- What goes must not be missed by any answer about a time from $before on. So what such an answer still looks at stays: what is
-- held, what may be, what shows who the person is and which system's data earns money. Where that hangs on when something
-- was, the first and the last of those facts stay that say the same in one *stretch*: a time in which neither the policy nor
-- what is known of the person changed.
with person_of as (
    select cast(token as uuid) as token, cast(person as uuid) as person
    from linked_token
),

old as (
    select
        told.log_partition,
        told.log_offset,
        told.recorded_at,
        told.event,
        told.event_id,
        told.subject,
        told.namespace,
        coalesce(person_of.person, told.subject) as person,
        told.occurred_at,
        coalesce(told.occurred_until, told.occurred_at) as ended_at,
        told.producer,
        told.incarnation,
        told.sequence,
        told.system,
        told.actor,
        told.on_behalf_of,
        told.instruction,
        nullif(told.exemption, 'NONE') as exemption,
        told.claim_evidence is not null as has_evidence,
        told.legal_document is not null as has_document,
        list_sort(told.elements) as elements,
        list_sort(told.purposes) as purposes,
        told.source,
        told.recipient,
        told.consideration,
        told.occasion,
        told.outcome,
        told.operation,
        -- A claim, and the particulars that a law wants, tell a regime as its tag does; and so does whose data it is.
        list_sort(list_distinct(list_concat(
            list_transform(coalesce(told.regimes, []), lambda x: upper(x)),
            coalesce($customer_regimes[list_position($customers, told.on_behalf_of)], []),
            case when told.exemption in ('HIPAA_PHI', 'CMIA') then ['HIPAA'] when told.exemption = 'FERPA' then ['FERPA'] else [] end,
            list_transform(coalesce(json_keys(told.details, '$.accounting'), []), lambda x: upper(x))
        ))) as regimes
    from event_row as told
    left join person_of on person_of.token = told.subject
    where told.event in ('Collected', 'Corrected', 'Used', 'Shared')
        and told.subject is not null
        and not coalesce(told.ongoing, false)
        and greatest(told.occurred_at, told.occurred_until, told.recorded_at) < $before
),

repeated as (
    select
        again.subject,
        again.event_id,
        max(again.recorded_at) as recorded_at,
        bool_and(coalesce(again.log_offset < $ends[list_position($parts, again.log_partition)], false)) as is_archived
    from repeat_row as again
    semi join old using (subject, event_id)
    group by again.subject, again.event_id
),

corrected as (
    select subject, event_id from event_row where supersedes is not null or retracts is not null
    union
    select subject, supersedes from event_row where supersedes is not null
    union
    select subject, retracts from event_row where retracts is not null
),

held_for as (
    select distinct coalesce(person_of.person, placed.subject) as person
    from event_row as placed
    left join person_of on person_of.token = placed.subject
    where placed.event = 'HoldPlaced'
        and coalesce((placed.details ->> 'until')::timestamptz > $now, true)
        and not exists (
            select 1
            from event_row as lifted
            where lifted.event = 'HoldLifted'
                and lifted.subject = placed.subject
                and lifted.kind is not distinct from placed.kind
                and (lifted.details ->> 'by') is not distinct from (placed.details ->> 'by')
                and (lifted.details ->> 'document') is not distinct from (placed.details ->> 'document')
                and (lifted.occurred_at, lifted.recorded_at, lifted.event_id)
                    > (placed.occurred_at, placed.recorded_at, placed.event_id)
        )
),

-- When something about a person changed: who they are (`is_who`), or what they chose and whose customer they were.
changed as (
    select distinct coalesce(person_of.person, told.subject) as person, told.is_who, told.changed_at
    from (
        select
            subject,
            event <> 'ChoiceMade' as is_who,
            unnest([
                occurred_at,
                (details ->> 'since')::timestamptz,
                (details ->> 'until')::timestamptz,
                (details ->> 'through')::timestamptz
            ]) as changed_at
        from event_row
        where event in ('SubjectsLinked', 'SubjectsUnlinked', 'SubjectDescribed', 'SubjectErased', 'ChoiceMade')
    ) as told
    left join person_of on person_of.token = told.subject
    where told.changed_at is not null
),

who as (
    select person, changed_at, row_number() over (partition by person order by changed_at) as number
    from changed
    where is_who
),

turn as (
    select person, changed_at, row_number() over (partition by person order by changed_at) as number
    from (select distinct person, changed_at from changed)
),

placed as (
    select
        old.*,
        coalesce(who.number, 0) as who_number,
        coalesce(began.number, 0) as turn_number,
        coalesce(ended.number, 0) as turn_ended,
        len(list_filter($boundaries, lambda x: x <= old.occurred_at)) as rules_number,
        len(list_filter($boundaries, lambda x: x <= old.ended_at)) as rules_ended
    from old
    asof left join who on who.person = old.person and who.changed_at <= old.occurred_at
    asof left join turn as began on began.person = old.person and began.changed_at <= old.occurred_at
    asof left join turn as ended on ended.person = old.person and ended.changed_at <= old.ended_at
),

weighed as (
    select
        placed.*,
        turn_number = turn_ended and rules_number = rules_ended as is_of_one_stretch,
        event in ('Collected', 'Corrected') or operation in ('STORED', 'RESTORED') as is_put,
        event = 'Shared'
            and coalesce(outcome, 'GRANTED') = 'GRANTED'
            and not coalesce(list_contains($never_providers, recipient), false) as is_to_provider,
        case
            when repeated.recorded_at >= $before then 'SAID_AGAIN'
            when greatest(ended_at, placed.recorded_at, repeated.recorded_at) >= list_min(list_transform(
                regimes, lambda x: coalesce($cutoffs[list_position($regimes, x)], '-infinity'::timestamptz)
            )) then 'REGIME'
            when held_for.person is not null then 'HOLD'
            when not coalesce(log_offset < $ends[list_position($parts, log_partition)], false)
                or not coalesce(repeated.is_archived, true) then 'NOT_ARCHIVED'
            when corrected.event_id is not null then 'CORRECTED'
            when refused.event_id is not null then 'REFUSED'
            when list_contains($decided, placed.event_id) then 'REVIEWED'
            when not list_has_all($words, coalesce(elements, []))
                or not list_has_all($purposes, coalesce(purposes, []))
                or (source is not null and not list_contains($sources, source))
                or (recipient is not null and not list_contains($recipients, recipient))
                or (on_behalf_of is not null and not list_contains($customers, on_behalf_of))
                or (event = 'Collected' and len(purposes) = 0) then 'UNKNOWN_WORD'
            when event in ('Used', 'Shared') and list_contains($no_search, system) then 'SEARCH'
        end as stays_for
    from placed
    left join repeated using (subject, event_id)
    left join held_for using (person)
    left join corrected using (subject, event_id)
    left join (select distinct subject, event_id from parked_row where event_id is not null) as refused
        using (subject, event_id)
),

-- What clears for certain what was put before: each with how far back it, or one after it, reaches.
deletion as (
    select
        cleared.subject,
        cleared.system,
        cleared.element,
        coalesce(who.number, 0) as who_number,
        cleared.deleted_at,
        max(cleared.reaches) over (
            partition by cleared.subject, cleared.system, cleared.element, coalesce(who.number, 0)
            order by cleared.deleted_at
            range between current row and unbounded following
        ) as reaches
    from (
        select
            told.subject,
            coalesce(person_of.person, told.subject) as person,
            told.system,
            unnest(told.elements) as element,
            told.occurred_at as deleted_at,
            coalesce(told.collected_before, 'infinity'::timestamptz) as reaches
        from event_row as told
        left join person_of on person_of.token = told.subject
        anti join corrected on corrected.subject = told.subject and corrected.event_id = told.event_id
        where told.event = 'Deleted'
            and greatest(told.occurred_at, told.recorded_at) < $before
            and (told.reason <> 'ROUTINE' or told.collected_before is not null)
            and told.actor is null
            and told.on_behalf_of is null
            and told.exemption is null
            and told.system is not null
    ) as cleared
    asof left join who on who.person = cleared.person and who.changed_at <= cleared.deleted_at
),

put as (
    select
        weighed.log_partition,
        weighed.log_offset,
        weighed.event_id,
        weighed.subject,
        weighed.who_number,
        weighed.turn_number,
        weighed.rules_number,
        weighed.event,
        weighed.operation,
        weighed.system,
        weighed.occurred_at,
        unnest(list_distinct(weighed.elements)) as element
    from weighed
    where weighed.is_put
        and weighed.stays_for is null
        and weighed.ended_at = weighed.occurred_at
        and weighed.actor is null
        and weighed.on_behalf_of is null
        and weighed.exemption is null
        -- Whom a sharing of everybody met hangs on when each was held.
        and weighed.system not in (select system from event_row where event = 'PopulationShared' and system is not null)
),

gone as (
    select put.log_partition, put.log_offset
    from put
    asof left join deletion
        on deletion.subject = put.subject
        and deletion.system = put.system
        and deletion.element = put.element
        and deletion.who_number = put.who_number
        and deletion.deleted_at >= put.occurred_at
    group by put.log_partition, put.log_offset
    having bool_and(coalesce(deletion.reaches > put.occurred_at, false))
),

between_others as (
    select log_partition, log_offset
    from (
        select
            put.log_partition,
            put.log_offset,
            row_number() over said_first = 1 or row_number() over said_last = 1 as is_outermost
        from put
        semi join gone on gone.log_partition = put.log_partition and gone.log_offset = put.log_offset
        window
            said_first as (
                partition by put.subject, put.who_number, put.turn_number, put.rules_number, put.event, put.operation,
                    put.system, put.element
                order by put.occurred_at, put.event_id
            ),
            said_last as (
                partition by put.subject, put.who_number, put.turn_number, put.rules_number, put.event, put.operation,
                    put.system, put.element
                order by put.occurred_at desc, put.event_id desc
            )
    ) as said
    group by log_partition, log_offset
    having not bool_or(is_outermost)
),

-- A provider that got it may have it still: the last time counts for all that said the same.
handed_on as (
    select
        log_partition,
        log_offset,
        row_number() over (
            partition by subject, turn_number, rules_number, system, elements, purposes, recipient, consideration, occasion,
                actor, on_behalf_of, instruction, exemption, has_evidence, has_document
            order by ended_at desc, event_id desc
        ) > 1 as is_said_later
    from weighed
    where is_to_provider and stays_for is null and is_of_one_stretch
),

needed as (
    select
        weighed.* replace (case
            when weighed.stays_for is not null then weighed.stays_for
            when weighed.is_put and gone.log_offset is null then 'HELD'
            when weighed.is_put and between_others.log_offset is null then 'FIRST_OR_LAST'
            when weighed.is_to_provider and not coalesce(handed_on.is_said_later, false) then 'PROVIDER'
        end as stays_for)
    from weighed
    left join gone using (log_partition, log_offset)
    left join between_others using (log_partition, log_offset)
    left join handed_on using (log_partition, log_offset)
),

judged as (
    select
        needed.* replace (
            -- Without any record nobody would know that there is such a person.
            case
                when stays_for is null and row_number() over (
                    partition by subject, namespace, who_number, stays_for
                    order by occurred_at desc, event_id desc
                ) = 1 then 'LAST'
                else stays_for
            end as stays_for
        )
    from needed
)

select log_partition, log_offset, producer, incarnation, sequence, occurred_at, regimes, stays_for
from judged

union all

select
    again.log_partition,
    again.log_offset,
    again.producer,
    again.incarnation,
    again.sequence,
    judged.occurred_at,
    judged.regimes,
    judged.stays_for
from repeat_row as again
join judged using (subject, event_id)
order by log_partition, log_offset
