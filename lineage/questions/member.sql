-- Which tokens are the person?
-- One row per request and token. Today the token asked for; links will add theirs here.
select
    ask,
    subject,
    window_from,
    window_to
from asked
