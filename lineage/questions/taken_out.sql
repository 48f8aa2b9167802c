-- Which events do not count any more: replaced, retracted, or fallen with what they stood on?
-- One row per event; a PopulationShared has no subject (rulings.md 11, 12).
select unnest($taken_out::struct(subject uuid, event_id uuid)[], max_depth := 2)
