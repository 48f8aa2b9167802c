-- One row per record, never changed. recorded_at: microseconds since 1970-01-01 UTC.
create table if not exists record (
    offset integer primary key,
    recorded_at integer not null,
    key blob,
    value blob
) strict;

create trigger if not exists record_is_never_changed before update on record
begin
    select raise(abort, 'the log is append-only');
end;

create trigger if not exists record_is_never_removed before delete on record
begin
    select raise(abort, 'the log is append-only');
end;
