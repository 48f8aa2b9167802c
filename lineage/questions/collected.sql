-- When was each element collected, for who asks about more than the twelve months?
-- One row per such request (rulings.md 7).
select
    ask,
    list({'element': element, 'put_from': put_from, 'put_to': put_to}) as times
from put
where event = 'Collected' and base_from > window_from
group by ask
