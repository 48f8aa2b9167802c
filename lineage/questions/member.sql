-- Which tokens are the person, and when?
-- One row per request, token and stretch of time (rulings.md 17 to 19, 22). `is_household`: the token is linked with
-- the person, but what happened then is a household's, and nobody's answer.
select unnest($members::struct(
    ask int,
    subject uuid,
    member_from timestamptz,
    member_to timestamptz,
    erased_through timestamptz,
    vaulted_through timestamptz[],
    is_household bool
)[], max_depth := 2)
