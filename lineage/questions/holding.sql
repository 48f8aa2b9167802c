-- Which elements of the person were put somewhere, and what became of them?
-- One row per element, with every category that the policy mapped it to while it was put (rulings.md 32).
select
    put.ask,
    put.element,
    list_distinct(list(coalesce(policy_word.category, 'UNMAPPED'))) as categories,
    list_distinct(list(put.system)) as systems,
    list_distinct(list(put.held_in) filter (where put.held_in is not null and put.held <> 'DELETED')) as held_in,
    bool_or(put.held = 'HELD') as is_held,
    bool_or(put.held = 'UNKNOWN') as is_unknown,
    -- Nobody tells what happens in that system.
    bool_or(
        put.event in ('Collected', 'Corrected')
        and not coalesce(policy_system.publishes or policy_system.attested_free, false)
    ) as is_out_of_sight,
    bool_or(put.event in ('Collected', 'Corrected') and put.put_from < put.window_from) as is_collected_earlier,
    -- Held where we search, and not put away for good (rulings.md 22, 33).
    bool_or(
        put.held <> 'DELETED'
        and not coalesce(put.is_vaulted, false)
        and not put.is_unsearched
    ) as is_piece
from put
left join policy_word
    on policy_word.policy = $policy
    and policy_word.word = put.element
    and (policy_word.valid_from <= put.put_from or policy_word.valid_from < put.put_to)
    and policy_word.valid_until > put.put_from
left join policy_system
    on policy_system.policy = $policy and policy_system.system = put.system
group by put.ask, put.element
