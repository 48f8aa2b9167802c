-- Which questions have no rows, whoever is asked about?
-- One row per question: nothing was ever told of what it asks about.
select needs.question
from (
    values
        ('crowd', 'PopulationShared'),
        ('hit', 'PopulationShared'),
        ('unmet', 'PopulationShared'),
        ('order_of_silence', 'HoldPlaced')
) as needs (question, event)
where needs.event not in (select distinct event from event_row)

union all

select 'refused'
where not exists (select * from parked_row)
