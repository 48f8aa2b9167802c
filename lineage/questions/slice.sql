-- What do the tables hold about the people asked, as one value?
-- One row; each of its fields is a relation, by the name of the question that it stands for.
select {
    'near': (select list(near) from near),
    'crowd': (select list(crowd) from crowd),
    'refused': (select list(refused) from refused)
} as slice
