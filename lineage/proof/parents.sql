-- What are the nodes over these pairs of children? One row per pair, in their order.
select unhex(sha256('\x01'::blob || pair)) as parent
from pair
