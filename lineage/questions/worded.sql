-- What does each piece say in the statute's words?
-- One row per piece: `facts` are its elements with their categories then, `reasons` its purposes with the statutory
-- ones they map to then. A word that the policy does not know is UNMAPPED, or maps to nothing (rulings.md 14). A fact
-- is below the floor when its element was collected before 2022, not again since, and it is older than the twelve
-- months (rulings.md 7).
with named as (
    select
        laid.ask,
        laid.item,
        laid.event,
        laid.piece_from,
        unnest(case when len(laid.elements) > 0 then laid.elements else [null] end) as word,
        laid.purposes
    from laid
),

reasoned as (
    select
        * exclude (purposes),
        unnest(case when len(purposes) > 0 then purposes else [null] end) as purpose
    from named
),

collected as (
    select
        put.ask,
        put.element,
        list({'put_from': put.put_from, 'put_to': put.put_to}) as times
    from put
    join asked on asked.ask = put.ask
    where put.event = 'Collected' and asked.base_from > asked.window_from
    group by put.ask, put.element
)

select
    reasoned.ask,
    reasoned.item,
    reasoned.piece_from,
    list_distinct(list({
        'element': coalesce(policy_word.element, reasoned.word),
        'category': coalesce(policy_word.category, 'UNMAPPED'),
        'is_below': reasoned.piece_from < asked.base_from
            and reasoned.event in ('Used', 'Shared', 'PopulationShared')
            and len(list_filter(coalesce(collected.times, []), lambda x: x.put_from < asked.earliest)) > 0
            and len(list_filter(
                coalesce(collected.times, []), lambda x: x.put_to >= asked.earliest and x.put_from <= reasoned.piece_from
            )) = 0
    }) filter (where reasoned.word is not null)) as facts,
    list_distinct(list({
        'purpose': reasoned.purpose,
        'statutory': coalesce(policy_purpose.statutory, [])
    }) filter (where reasoned.purpose is not null)) as reasons
from reasoned
join asked on asked.ask = reasoned.ask
left join policy_word
    on policy_word.policy = $policy
    and policy_word.word = reasoned.word
    and policy_word.valid_from <= reasoned.piece_from
    and policy_word.valid_until > reasoned.piece_from
left join policy_purpose
    on policy_purpose.policy = $policy
    and policy_purpose.purpose = reasoned.purpose
    and policy_purpose.valid_from <= reasoned.piece_from
    and policy_purpose.valid_until > reasoned.piece_from
left join collected
    on collected.ask = reasoned.ask and collected.element = coalesce(policy_word.element, reasoned.word)
group by reasoned.ask, reasoned.item, reasoned.piece_from
