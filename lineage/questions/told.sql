-- What counts of what was told, of the person and of everybody?
-- One row, an `item`, per event and stretch of time in which it is the person's, with the window that is asked for; an
-- instant is its own end, and what lasts ends with the window at the latest.
select
    row_number() over () as item,
    every_one.* exclude (member_from, member_to, is_taken_out, is_household, unsearched),
    coalesce(list_contains(every_one.unsearched, every_one.system), false) as is_unsearched,
    greatest(every_one.occurred_at, every_one.member_from) as told_from,
    least(
        case when not coalesce(every_one.ongoing, false) then coalesce(every_one.occurred_until, every_one.occurred_at) end,
        every_one.member_to,
        every_one.window_to
    ) as told_to
from (
    select * from heard where not is_taken_out and not is_household
    union all
    select * from crowd
) as every_one
