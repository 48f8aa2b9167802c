-- What was shared of everybody held in a system?
-- One row per request and sharing that began before the window's end (rulings.md 33).
select
    asked.ask,
    '-infinity'::timestamptz as member_from,
    'infinity'::timestamptz as member_to,
    null::timestamptz[] as vaulted_through,
    false as is_household,
    asked.as_of,
    asked.window_from,
    asked.window_to,
    asked.base_from,
    asked.earliest,
    asked.under_16,
    asked.unsearched,
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
    list_filter(asked.reviewed, lambda x: x.event_id = told.event_id)[-1].decided as decided,
    false as is_taken_out
from asked
join event_row as told
    on told.subject is null
    and told.event = 'PopulationShared'
    and told.recorded_at <= asked.as_of
    and told.occurred_at < asked.window_to
    and not list_contains(asked.crowd_taken_out, told.event_id)
