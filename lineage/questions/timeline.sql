-- What happened to this person's data, in the order in which it happened?
-- One row per event; `kinds` is what the law calls a sharing, judged by the policy in force today for that instant.
with judged as (
    select
        item,
        list_sort(list_distinct(flatten(list(kinds)))) as kinds
    from verdict
    group by item
)

select
    told.occurred_at,
    told.occurred_until,
    told.ongoing,
    told.recorded_at,
    told.event,
    told.elements,
    coalesce(told.source, told.recipient) as party,
    told.purposes,
    judged.kinds,
    told.details ->> 'choice' as choice,
    told.details ->> 'via' as via,
    told.system,
    told.count,
    told.event_id
from told
left join judged using (item)
where told.subject is not null or judged.item is not null
order by told.occurred_at, told.recorded_at, told.event_id
