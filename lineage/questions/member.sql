-- Which tokens are the person, and when?
-- One row per request, token and stretch of time, with the window that is asked for (rulings.md 17 to 19, 22). `is_household`: the token is linked with
-- the person, but what happened then is a household's, and nobody's answer. `taken_out`: the ids of its events that do
-- not count any more: replaced, retracted, or fallen with what they stood on (rulings.md 11, 12). `reviewed`: what a person
-- decided that an event is.
select unnest($members::struct(
    ask int,
    as_of timestamptz,
    window_from timestamptz,
    window_to timestamptz,
    base_from timestamptz,
    earliest timestamptz,
    under_16 struct(since timestamptz, until timestamptz)[],
    unsearched text[],
    subject uuid,
    member_from timestamptz,
    member_to timestamptz,
    erased_through timestamptz,
    vaulted_through timestamptz[],
    is_household bool,
    taken_out uuid[],
    reviewed struct(event_id uuid, decided text)[]
)[], max_depth := 2)
