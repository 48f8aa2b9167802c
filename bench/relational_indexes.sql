-- What such a database is asked for: one person's events of a kind in a stretch of time, and the rules of a day.
create index on event (subject, event, occurred_at);
create index on word (word);
create index on recipient (recipient);
create index on same_business (recipient);
create index on contract (recipient);
create index on purpose (purpose);
