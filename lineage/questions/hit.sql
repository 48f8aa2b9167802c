-- Which sharings of everybody hit the person, when, and with which elements?
-- One row per piece of a sharing, cut where what is held changes (rulings.md 33).
with named as (
    select
        owned.ask,
        owned.item,
        owned.piece_from,
        owned.piece_to,
        owned.in_window,
        told.system,
        unnest(told.elements) as word
    from owned
    join told using (item)
    where owned.event = 'PopulationShared' and owned.excluded is null
),

met as (
    select
        named.*,
        put.element,
        greatest(named.piece_from, put.put_from) as met_from,
        least(named.piece_to, put.held_to) as met_to
    from named
    left join policy_element_alias as known
        on known.policy = $policy and known.alias = named.word
    join put
        on put.ask = named.ask
        and put.system = named.system
        and put.element = coalesce(known.element, named.word)
        and put.put_from <= named.piece_to
        and put.held_to > named.piece_from
        and (put.put_from < named.piece_to or named.piece_from = named.piece_to)
),

laid_over as (
    select
        ask,
        item,
        in_window,
        list({'element': element, 'met_from': met_from, 'met_to': met_to}) as held,
        list_distinct(list_concat(list(met_from), list(met_to))) as cuts
    from met
    group by ask, item, in_window, piece_from
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
    piece_from,
    coalesce(list_min(list_filter(cuts, lambda x: x > piece_from)), piece_from) as piece_to,
    in_window,
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
