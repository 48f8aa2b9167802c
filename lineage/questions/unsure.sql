-- Whose answer is in doubt, for a token or a device that two people hold has events in the window?
-- One row per request (rulings.md 17, 18).
select distinct doubtful.ask
from doubtful
join asked using (ask)
join near as told on told.subject = doubtful.subject
where told.recorded_at <= asked.as_of
    -- What was erased raises no doubt; who the person is stays (rulings.md 22).
    and (
        coalesce(told.occurred_at >= doubtful.erased_through, true)
        or told.event in ('SubjectsLinked', 'SubjectsUnlinked', 'SubjectDescribed', 'SubjectErased')
    )
    and greatest(doubtful.doubtful_from, asked.window_from) < least(doubtful.doubtful_to, asked.window_to)
    and told.occurred_at < least(doubtful.doubtful_to, asked.window_to)
    and (
        told.occurred_at >= greatest(doubtful.doubtful_from, asked.window_from)
        or coalesce(told.ongoing, false)
        or told.occurred_until > greatest(doubtful.doubtful_from, asked.window_from)
    )
