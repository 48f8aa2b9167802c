-- What would a sharing be if it were made now?
-- One row per sharing that stands in place of `piece`: whose it is (owned.sql) and what the law calls it (verdict.sql), as an
-- answer would say once it was recorded. `is_contracted`: contracts in force name each of its purposes (law.md A.3).
select
    owned.excluded,
    verdict.kinds,
    verdict.called,
    verdict.sold_or_shared,
    verdict.is_to_third_party,
    len(list_filter(
        coalesce(owned.purposes, []),
        lambda x: len(list_filter(
            coalesce($parties[list_position($recipients, owned.recipient)].contracts, []),
            lambda y: y.valid_from <= owned.piece_from
                and y.valid_until > owned.piece_from
                and list_has_any(
                    y.purposes,
                    list_append(
                        flatten(list_transform(
                            list_filter(
                                coalesce($purpose_meanings[list_position($purposes, x)], []),
                                lambda z: z.valid_from <= owned.piece_from and z.valid_until > owned.piece_from
                            ),
                            lambda z: z.statutory
                        )),
                        x
                    )
                )
        )) = 0
    )) = 0 and len(owned.purposes) > 0 as is_contracted
from owned
left join verdict on verdict.item = owned.item and verdict.piece_from = owned.piece_from
