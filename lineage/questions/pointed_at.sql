-- Who is named by a link that was told of somebody else?
-- One row per request, with whether a link says that both are one person.
select
    member.ask,
    bool_or(coalesce(told.details ->> 'relation', 'HOUSEHOLD') = 'SAME_PERSON') as is_linked
from member
join event_row as told on told.other = member.subject
where told.event = 'SubjectsLinked'
group by member.ask
