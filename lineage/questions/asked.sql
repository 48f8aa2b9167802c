-- Who is asked about, and for which window?
-- One row per request: one person, or thousands at once.
select unnest($asked, max_depth := 2)
