-- Which elements of the person were put somewhere, and what became of them?
-- One row per element, with every category that the policy mapped it to while it was put (rulings.md 32).
select
    ask,
    element,
    list_distinct(flatten(list(coalesce(
        list_transform(
            list_filter(
                $meanings[list_position($words, element)].categories,
                lambda x: (x.valid_from <= put_from or x.valid_from < put_to) and x.valid_until > put_from
            ),
            lambda x: x.category
        ),
        ['UNMAPPED']
    )))) as categories,
    list_distinct(list(system)) as systems,
    list_distinct(list(held_in) filter (where held_in is not null and held <> 'DELETED')) as held_in,
    bool_or(held = 'HELD') as is_held,
    bool_or(held = 'UNKNOWN') as is_unknown,
    -- Nobody tells what happens in that system.
    bool_or(
        is_collection
        and not coalesce($system_traits[list_position($systems, system)].is_in_sight, false)
    ) as is_out_of_sight,
    bool_or(is_collection and put_from < window_from) as is_collected_earlier,
    -- Held where we search, and not put away for good (rulings.md 22, 33).
    bool_or(
        held <> 'DELETED'
        and not coalesce(is_vaulted, false)
        and not is_unsearched
    ) as is_piece
from put
group by ask, element
