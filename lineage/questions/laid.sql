-- Which pieces are the person's own, and what is told in each?
-- One row per piece that is for us to answer; sharings of everybody are laid over what is held of this person.
select
    owned.ask,
    owned.item,
    owned.piece_from,
    owned.piece_to,
    owned.in_window,
    told.event,
    told.elements,
    told.purposes
from owned
join told using (item)
where owned.excluded is null and owned.event not in ('PopulationShared', 'Deleted')

union all

select
    hit.ask,
    hit.item,
    hit.piece_from,
    hit.piece_to,
    hit.in_window,
    told.event,
    hit.elements,
    told.purposes
from hit
join told using (item)
