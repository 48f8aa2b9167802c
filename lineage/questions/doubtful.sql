-- Which tokens may be a person's, too?
-- One row per request, token and stretch of time.
select unnest($doubtful::struct(
    ask int,
    subject uuid,
    doubtful_from timestamptz,
    doubtful_to timestamptz,
    erased_through timestamptz
)[], max_depth := 2)
