-- Who is asked about, for which window, and as of when?
-- One row per request: one person, or thousands at once, by the token that was given. `base_from` begins the twelve
-- months, `earliest` the year 2022; `under_16` is when the person was known to be under 16; `unsearched` are systems that need not be searched;
-- `crowd_taken_out` are the ids of the sharings of everybody that were replaced (rulings.md 11).
select unnest($asked::struct(
    ask int,
    subject uuid,
    as_of timestamptz,
    window_from timestamptz,
    window_to timestamptz,
    base_from timestamptz,
    earliest timestamptz,
    under_16 struct(since timestamptz, until timestamptz)[],
    unsearched text[],
    crowd_taken_out uuid[],
    reviewed struct(event_id uuid, decided text)[]
)[], max_depth := 2)
