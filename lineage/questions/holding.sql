-- Which elements of the person were put somewhere, what became of them, and where did they go?
-- One row per element and category, as the policy mapped it when it was put there (rulings.md 32).
with placed as (
    select
        put.ask,
        coalesce(policy_word.element, put.word) as element,
        coalesce(policy_word.category, 'UNMAPPED') as category,
        list_distinct(list(put.system)) as systems,
        list_distinct(list(put.held_in) filter (where put.held_in is not null and put.held <> 'DELETED')) as held_in,
        bool_or(put.held = 'HELD') as is_held,
        bool_or(put.held = 'UNKNOWN') as is_unknown,
        -- Nobody tells what happens in that system.
        bool_or(
            put.is_collected and not coalesce(policy_system.publishes or policy_system.attested_free, false)
        ) as is_out_of_sight,
        bool_or(put.is_collected and put.put_from < put.window_from) as is_collected_earlier
    from put
    left join policy_word
        on policy_word.policy = $policy
        and policy_word.word = put.word
        and policy_word.valid_from <= put.put_from
        and policy_word.valid_until > put.put_from
    left join policy_system
        on policy_system.policy = $policy and policy_system.system = put.system
    group by 1, 2, 3
),

given as (
    select
        verdict.ask,
        verdict.recipient,
        verdict.piece_to,
        unnest(verdict.facts, max_depth := 2),
        person.acknowledgements
    from verdict
    join person on person.ask = verdict.ask
    where list_has_any(verdict.kinds, ['BP_SERVICE_PROVIDER', 'BP_CONTRACTOR'])
),

unacknowledged as (
    select distinct ask, category
    from given
    where len(list_filter(
        coalesce(acknowledgements, []),
        lambda x: x.recipient = given.recipient
            and list_contains(x.elements, element)
            and x.acknowledged_at > piece_to
    )) = 0
)

select
    placed.*,
    unacknowledged.category is not null as is_with_provider
from placed
left join unacknowledged
    on unacknowledged.ask = placed.ask and unacknowledged.category = placed.category
