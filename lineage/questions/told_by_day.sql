-- How much was told of a system, day by day?
-- One row per day of the business's time zone on which something happened. `events` are the kinds that count, all when
-- there are none; `taken_out` are events that were replaced or retracted. An event stands for `count` occurrences.
with stood as (
    select
        cast(timezone($time_zone, event_row.occurred_at) as date) as day,
        coalesce(event_row.count, 1) as count
    from event_row
    where event_row.system = $system
        and event_row.recorded_at <= $as_of
        and event_row.event not in ('EventRetracted', 'SubjectErased')
        and (len($events::text[]) = 0 or list_contains($events::text[], event_row.event))
        and not exists (
            select *
            from (
                select unnest($taken_out::struct(subject uuid, event_id uuid)[], max_depth := 2)
            ) as taken_out
            where taken_out.event_id = event_row.event_id
                and taken_out.subject is not distinct from event_row.subject
        )
)

select day, sum(count)::bigint as occurrences
from stood
group by day
order by day
