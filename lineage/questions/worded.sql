-- What does each piece say in the statute's words?
-- One row per piece: `facts` are its elements with their categories then, `reasons` its purposes with the statutory
-- ones they map to then. A word that the policy does not know is UNMAPPED, or maps to nothing (rulings.md 14). A fact
-- is below the floor when its element was collected before 2022, not again since, and it is older than the twelve
-- months (rulings.md 7).
with named as (
    select
        ask,
        item,
        event,
        piece_from,
        base_from,
        earliest,
        purposes,
        unnest(case when len(elements) > 0 then elements else [null] end) as word
    from laid
),

reasoned as (
    select
        * exclude (purposes),
        unnest(case when len(purposes) > 0 then purposes else [null] end) as purpose
    from named
),

phrased as (
    select
        reasoned.item,
        reasoned.piece_from,
        list_distinct(list({
            'element': coalesce(policy_word.element, reasoned.word),
            'category': coalesce(policy_word.category, 'UNMAPPED'),
            'is_below': reasoned.piece_from < reasoned.base_from
                and reasoned.event in ('Used', 'Shared', 'PopulationShared')
                and len(list_filter(coalesce(collected.times, []), lambda x: x.put_from < reasoned.earliest)) > 0
                and len(list_filter(
                    coalesce(collected.times, []),
                    lambda x: (x.put_to > reasoned.earliest or x.put_from >= reasoned.earliest)
                        and x.put_from <= reasoned.piece_from
                )) = 0
        }) filter (where reasoned.word is not null)) as facts,
        list_distinct(list({
            'purpose': reasoned.purpose,
            'statutory': coalesce(policy_purpose.statutory, [])
        }) filter (where reasoned.purpose is not null)) as reasons
    from reasoned
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
    group by reasoned.item, reasoned.piece_from
)

select
    laid.*,
    phrased.facts,
    phrased.reasons
from laid
join phrased on phrased.item = laid.item and phrased.piece_from = laid.piece_from
