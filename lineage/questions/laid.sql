-- Which pieces are the person's own, and what is told in each?
-- One row per piece that is for us to answer; sharings of everybody are laid over what is held of this person.
select *
from owned
where excluded is null and event not in ('PopulationShared', 'Deleted')

union all

select owned.* replace (hit.piece_from as piece_from, hit.piece_to as piece_to, hit.elements as elements)
from hit
join owned on owned.item = hit.item and owned.piece_from = hit.owned_from
