-- Which events that may forbid or allow something came in lately?
-- One row per event.
select event_id
from event_row
where event in ('ChoiceMade', 'SubjectDescribed', 'SubjectErased', 'SubjectsLinked', 'EventRetracted')
    and recorded_at >= $since
