-- Of which life are numbers missing that a window needs?
-- One row per request and incarnation: of one that was closed before the window nothing is needed (rulings.md 37).
select asked.ask, incarnation.producer, incarnation.incarnation
from asked
cross join incarnation
where incarnation.numbers_missing > 0 and coalesce(incarnation.closed_at >= asked.window_from, true)
