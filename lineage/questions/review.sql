-- What should a person look at before the answer goes out?
-- One row per request, event in the window and reason: a claim without its proof, or a disclosure that no rule places.
select distinct owned.ask, told.event_id::text as event_id, 'EXEMPTION_WITHOUT_EVIDENCE' as reason
from owned
join told using (item)
where owned.in_window
    and owned.excluded is null
    and told.exemption is not null
    and told.exemption <> 'NONE'
    and told.claim_evidence is null

union

select distinct verdict.ask, told.event_id::text, 'UNREVIEWED_DISCLOSURE'
from verdict
join told using (item)
where verdict.in_window and verdict.unreviewed and len(verdict.told_facts) > 0
