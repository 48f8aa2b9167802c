-- What waits for the log, and whose numbers they are. Times: microseconds since 1970-01-01 UTC.

-- One row per life of a publisher. `last`: the greatest number among what has left the spool already.
-- OPEN until its closing report waits; DEAD: its process was killed, and nothing may be said for it.
create table if not exists life (
    life integer primary key,
    incarnation blob not null unique,
    producer text not null,
    systems text not null,
    last integer not null default 0,
    covered_until integer not null,
    state text not null default 'OPEN' check (state in ('OPEN', 'CLOSED', 'DEAD'))
) strict;

-- One row per record, in the order in which they were accepted; removed when the log has confirmed it.
-- `sequence`: null where the record takes no number of its life. `everywhere`: it goes to each partition.
create table if not exists waiting (
    id integer primary key,
    life integer not null,
    sequence integer,
    key blob not null,
    value blob not null,
    everywhere integer not null,
    accepted_at integer not null
) strict;
