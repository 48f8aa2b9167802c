-- What was ever told of the person, at whatever time?
-- One row per accepted event and stretch of time in which it is the person's. What was taken back is marked.
select
    member.ask,
    member.member_from,
    member.member_to,
    member.vaulted_through,
    member.is_household,
    member.as_of,
    member.window_from,
    member.window_to,
    member.base_from,
    member.earliest,
    member.under_16,
    member.unsearched,
    told.*,
    list_filter(member.reviewed, lambda x: x.event_id = told.event_id)[-1].decided as decided,
    list_contains(member.taken_out, told.event_id) as is_taken_out
from member
join near as told
    on told.subject = member.subject
    and told.recorded_at <= member.as_of
    and told.occurred_at < member.member_to
    and (
        told.occurred_at >= member.member_from
        or coalesce(told.ongoing, false)
        or told.occurred_until > member.member_from
    )
    -- Erased is what occurred before; descriptions stay (rulings.md 22).
    and (coalesce(told.occurred_at >= member.erased_through, true) or told.event = 'SubjectDescribed')
