-- Which records of a piece of a segment do not say what their digest stands for?
-- One row per such record, with what is wrong about it.
-- An integer cast to bits and then to bytes stands in network order, as a leaf wants it. $partition of its piece.
select
    "offset",
    case
        when erased_by is not null then 'ERASED_WITH_CONTENT'
        when unhex(sha256(
            '\x00'::blob
            || cast($partition as int)::bit::blob
            || "offset"::bit::blob
            || recorded_at::bit::blob
            || coalesce(octet_length(key), -1)::int::bit::blob
            || coalesce(key, ''::blob)
            || coalesce(octet_length(value), -1)::int::bit::blob
            || coalesce(value, ''::blob)
        )) is distinct from digest then 'CHANGED'
        when producer is not null or incarnation is not null or sequence is not null then 'NOT_ERASED'
    end as what
from piece
where what is not null and (erased_by is null or key is not null or value is not null)
order by "offset"
