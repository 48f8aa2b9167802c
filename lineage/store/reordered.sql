-- Everybody's events are written anew. Those about nobody come last; what stood before goes.
insert into event_row
select *
from event_row_before
where subject is null
order by occurred_at, event_id;

drop table event_row_before;

insert into compaction
select count(*), max(event_id), max(recorded_at) from event_row;
