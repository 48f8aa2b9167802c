-- What was ever told of the person, at whatever time?
-- One row per accepted event and stretch of time in which it is the person's. What was taken back is marked.
select
    member.ask,
    member.member_from,
    member.member_to,
    member.vaulted_through,
    member.is_household,
    told.subject,
    told.event_id,
    told.event,
    told.recorded_at,
    told.occurred_at,
    told.occurred_until,
    told.ongoing,
    told.count,
    told.system,
    told.actor,
    told.on_behalf_of,
    told.instruction,
    told.exemption,
    told.claim_evidence,
    told.elements,
    told.source,
    told.recipient,
    told.purposes,
    told.consideration,
    told.occasion,
    told.outcome,
    told.operation,
    told.reason,
    told.collected_before,
    told.held_in,
    told.legal_document,
    told.undisclosed_until,
    told.about,
    told.kind,
    told.details,
    taken_out.event_id is not null as is_taken_out
from member
join asked using (ask)
join event_row as told
    on told.subject = member.subject
    and told.recorded_at <= asked.as_of
    and told.occurred_at < member.member_to
    and (
        told.occurred_at >= member.member_from
        or coalesce(told.ongoing, false)
        or told.occurred_until > member.member_from
    )
    -- Erased is what occurred before; descriptions stay (rulings.md 22).
    and (coalesce(told.occurred_at >= member.erased_through, true) or told.event = 'SubjectDescribed')
left join taken_out on taken_out.subject = told.subject and taken_out.event_id = told.event_id
