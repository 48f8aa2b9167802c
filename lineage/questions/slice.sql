-- What do the tables hold about the people asked, as one value?
-- One row; each of its fields is a relation, by the name of the question or table that it stands for.
select {
    'asked': (select list(asked) from asked),
    'told': (select list(told) from told),
    'pointed_at': (select list(pointed_at) from pointed_at),
    'refused': (select list(refused) from refused)
} as slice
