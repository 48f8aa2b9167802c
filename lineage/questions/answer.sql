-- What is the answer to a request to know, all of it but what the log as a whole may lack?
-- One row per request and thing that it says; `part` tells which kind of thing, and so which columns have a value. What
-- is left out, to be reviewed, unknown, unmet or unacknowledged may come again.
select ask, 'person' as part, is_heard, residency
from person

union all by name

select ask, 'unknown_word' as part
from unknown_word

union all by name

select ask, 'unsure' as part
from unsure

union all by name

select ask, 'refused' as part
from refused

union all by name

select *, 'line' as part
from line

union all by name

select *, 'holding' as part
from holding

union all by name

select *, 'unmet' as part
from unmet

union all by name

select *, 'unacknowledged' as part
from unacknowledged

union all by name

select *, 'exclusion' as part
from exclusion

union all by name

select *, 'review' as part
from review
