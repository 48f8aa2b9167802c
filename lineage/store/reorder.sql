-- Begin to write all events anew: an empty table in the place of the one that stands.
alter table event_row rename to event_row_before;

{event_row}
