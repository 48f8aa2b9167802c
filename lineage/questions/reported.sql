-- What had the producers reported by then?
-- One row per arrival of a report.
select *
from producer_report
where recorded_at <= $as_of
