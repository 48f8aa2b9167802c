-- Write all events anew, in the order in which one person is asked for.
alter table event_row rename to event_row_before;

{event_row}

insert into event_row
select * from event_row_before
order by subject, occurred_at, event_id;

drop table event_row_before;

insert into compaction
select count(*), max(event_id), max(recorded_at) from event_row;
