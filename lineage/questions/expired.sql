-- Up to when did the archive let go of facts for their age?
-- One row, or none when it never did. The mark of a record that went begins with the instant, in milliseconds since 1970.
select max(make_timestamptz(1000 * ('0x' || mark[:12])::bigint)) as expired_before
from (
    select replace(erased_by::text, '-', '') as mark
    from (select distinct erased_by from erased_row) as erased
) as marked
where mark[13:16] = '8a9e'
having expired_before is not null
