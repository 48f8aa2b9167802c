-- By which words may an event name an element?
-- One row per element of the policy.
select element, list(distinct word) as words
from policy_word
where policy = $policy
group by element
