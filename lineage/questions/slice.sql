-- What do the tables hold about the people asked, as one value?
-- One row; each of its fields is a relation, by the name of the question or table that it stands for.
select {
    'asked': (select list(asked) from asked),
    'member': (select list(member) from member),
    'heard': (select list(heard) from heard),
    'crowd': (select list(crowd) from crowd),
    'unsure': (select list(unsure) from unsure),
    'refused': (select list(refused) from refused)
} as slice
