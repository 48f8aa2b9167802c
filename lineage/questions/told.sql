-- What was ever told of the person, at whatever time?
-- One row per accepted event.
select
    member.ask,
    member.window_from,
    member.window_to,
    told.subject,
    told.event_id,
    told.event,
    told.recorded_at,
    told.occurred_at,
    told.occurred_until,
    told.ongoing,
    told.count,
    told.system,
    told.on_behalf_of,
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
    told.about,
    told.details
from member
join event_row as told on told.subject = member.subject
