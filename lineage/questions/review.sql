-- What should a person look at before the answer goes out?
-- A row per request, event in the window and reason (the same one may come again): a claim without its proof, or a
-- disclosure that no rule places.
select ask, event_id::text as event_id, 'EXEMPTION_WITHOUT_EVIDENCE' as reason
from owned
where in_window
    and excluded is null
    and exemption is not null
    and exemption <> 'NONE'
    and claim_evidence is null
    and decided is null

union all

select ask, event_id::text, 'UNREVIEWED_DISCLOSURE'
from verdict
where in_window and unreviewed and len(told_facts) > 0
