-- Write the events of some subjects anew, in the order in which one person is asked for.
insert into event_row
select *
from event_row_before
where subject between $first and $last
order by subject, occurred_at, event_id
