-- Which sharings of everybody hit the person, when, and with which elements?
-- One row per piece of a sharing, cut where what is held changes (rulings.md 33).
with named as (
    select
        owned.ask,
        owned.item,
        owned.piece_from as owned_from,
        owned.piece_to as owned_to,
        owned.system,
        unnest(list_distinct(list_transform(
            owned.elements, lambda x: coalesce($meanings[list_position($words, x)].element, x)
        ))) as element
    from owned
    where owned.event = 'PopulationShared' and owned.excluded is null
),

met as (
    select
        named.ask,
        named.item,
        named.owned_from,
        put.element,
        greatest(named.owned_from, put.put_from) as met_from,
        least(named.owned_to, put.held_to) as met_to
    from named
    join put
        on put.ask = named.ask
        and put.system = named.system
        and put.element = named.element
        and put.put_from <= named.owned_to
        and put.held_to > named.owned_from
        and (put.put_from < named.owned_to or named.owned_from = named.owned_to)
),

laid_over as (
    select
        ask,
        item,
        owned_from,
        list({'element': element, 'met_from': met_from, 'met_to': met_to}) as held,
        list_distinct(list_concat(list(met_from), list(met_to))) as cuts
    from met
    group by ask, item, owned_from
),

part as (
    select
        *,
        unnest(cuts) as piece_from
    from laid_over
)

select
    ask,
    item,
    owned_from,
    piece_from,
    coalesce(list_min(list_filter(cuts, lambda x: x > piece_from)), piece_from) as piece_to,
    list_distinct(list_transform(
        list_filter(
            held,
            lambda x: x.met_from <= piece_from
                and (x.met_to > piece_from or (x.met_to = x.met_from and x.met_from = piece_from))
        ),
        lambda x: x.element
    )) as elements
from part
where len(elements) > 0
