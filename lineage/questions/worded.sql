-- What does each piece say in the statute's words?
-- One row per piece: `facts` are its elements with their categories then, `reasons` its purposes with the statutory
-- ones they map to then. A word that the policy does not know is UNMAPPED, or maps to nothing (rulings.md 14). A fact
-- is below the floor when its element was collected before 2022, not again since, and it is older than the twelve
-- months (rulings.md 7).
with named as (
    select
        laid.*,
        case
            when laid.piece_from < laid.base_from and laid.event in ('Used', 'Shared', 'PopulationShared')
                then collected.times
        end as collected,
        list_transform(laid.elements, lambda x: {
            'element': coalesce($meanings[list_position($words, x)].element, x),
            'categories': list_transform(
                list_filter(
                    $meanings[list_position($words, x)].categories,
                    lambda y: y.valid_from <= laid.piece_from and y.valid_until > laid.piece_from
                ),
                lambda y: y.category
            )
        }) as named
    from laid
    left join collected on collected.ask = laid.ask
)

select
    * exclude (collected, named),
    case when len(named) > 0 then list_distinct(flatten(list_transform(named, lambda x: list_transform(
        coalesce(x.categories, ['UNMAPPED']),
        lambda y: {
            'element': x.element,
            'category': y,
            'is_below': coalesce(
                list_bool_or(list_transform(
                    collected, lambda z: z.element = x.element and z.put_from < earliest
                ))
                and not list_bool_or(list_transform(
                    collected,
                    lambda z: z.element = x.element
                        and (z.put_to > earliest or z.put_from >= earliest)
                        and z.put_from <= piece_from
                )),
                false
            )
        }
    )))) end as facts,
    case when len(purposes) > 0 then list_distinct(list_transform(purposes, lambda x: {
        'purpose': x,
        'statutory': flatten(list_transform(
            list_filter(
                coalesce($purpose_meanings[list_position($purposes, x)], []),
                lambda y: y.valid_from <= piece_from and y.valid_until > piece_from
            ),
            lambda y: y.statutory
        ))
    })) end as reasons
from named
