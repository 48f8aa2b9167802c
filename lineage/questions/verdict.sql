-- What does the law call each disclosure? The ten steps of law.md A.3 as rulings.md 25 to 29 read them.
-- One row per piece of a granted sharing, judged by what was in force then, on all its purposes together.
with met as (
    select
        piece.ask,
        piece.event_id,
        piece.piece_from,
        piece.piece_to,
        piece.in_window,
        piece.recipient,
        piece.consideration,
        piece.claim_evidence is not null as has_evidence,
        -- An opt-out signal after the person's choice is nothing but its identifiers: only what it carries beside
        -- them is a disclosure (rulings.md 25).
        case
            when piece.occasion = 'OPT_OUT_SIGNAL'
                and piece.claim_evidence is not null
                and piece.chosen_at <= piece.piece_from
            then list_filter(
                worded.facts,
                lambda x: not list_contains(
                    list_transform(
                        list_filter(worded.facts, lambda y: y.category = 'PI_A_IDENTIFIERS'), lambda y: y.element
                    ),
                    x.element
                )
            )
            else coalesce(worded.facts, [])
        end as facts,
        len(worded.facts) > 0 as has_facts,
        coalesce(worded.reasons, []) as reasons,
        list_filter(
            coalesce(policy_party.contracts, []),
            lambda x: x.valid_from <= piece_from and x.valid_until > piece_from
        ) as contracts,
        coalesce(
            list_filter(
                policy_party.categories, lambda x: x.valid_from <= piece_from and x.valid_until > piece_from
            )[1].category,
            'RCP_UNKNOWN'
        ) as recipient_category,
        len(list_filter(
            coalesce(policy_party.same_business, []),
            lambda x: x.valid_from <= piece_from and x.valid_until > piece_from
        )) > 0 as is_same_business,
        coalesce(
            policy_party.customer = coalesce(
                list_filter(piece.customers, lambda x: x.occurred_at <= piece_from)[-1],
                piece.customers[1]
            ).customer,
            false
        ) as is_their_customer,
        -- An occasion that the steps excuse counts only with its proof; else it is judged as ORDINARY.
        coalesce(case piece.occasion
            when 'ORDINARY' then true
            when 'LEGAL_PROCESS' then piece.legal_document is not null
            when 'EMERGENCY' then piece.legal_document is not null
            when 'OPT_OUT_SIGNAL' then false
            else piece.claim_evidence is not null
        end, false) as is_proven,
        piece.occasion
    from piece
    join worded using (ask, event_id, piece_from)
    left join policy_party
        on policy_party.policy = $policy and policy_party.recipient = piece.recipient
    where piece.event = 'Shared' and piece.outcome = 'GRANTED'
),

named as (
    select
        *,
        case
            when is_proven or (occasion = 'OPT_OUT_SIGNAL' and has_facts and len(facts) = 0) then occasion
            else 'ORDINARY'
        end as taken_as,
        is_proven and occasion in ('LEGAL_PROCESS', 'EMERGENCY') as is_legal,
        flatten(list_transform(reasons, lambda x: x.statutory)) as statutory,
        flatten(list_transform(
            list_filter(contracts, lambda x: x.kind = 'R7051' and x.role = 'SERVICE_PROVIDER'),
            lambda x: x.purposes
        )) as for_provider,
        flatten(list_transform(
            list_filter(contracts, lambda x: x.kind = 'R7051' and x.role = 'CONTRACTOR' and x.certified),
            lambda x: x.purposes
        )) as for_contractor,
        flatten(list_transform(
            list_filter(contracts, lambda x: x.kind = 'R7053'), lambda x: x.purposes
        )) as for_third_party,
        [
            'BP1_AD_AUDIT', 'BP2_SECURITY', 'BP3_DEBUG', 'BP4_TRANSIENT',
            'BP5_SERVICES', 'BP6_ADS_NON_CROSS', 'BP7_INTERNAL_RESEARCH', 'BP8_QUALITY_SAFETY'
        ] as business_purposes
    from met
),

weighed as (
    select
        *,
        -- Contracts name purposes by our ids or by the statute's; no purposes at all are never named.
        len(reasons) > 0 and len(list_filter(
            reasons, lambda x: not list_has_any(list_append(x.statutory, x.purpose), for_provider)
        )) = 0 as is_all_for_provider,
        len(reasons) > 0 and len(list_filter(
            reasons,
            lambda x: not list_has_any(
                list_append(x.statutory, x.purpose), list_concat(for_provider, for_contractor)
            )
            or not list_has_any(x.statutory, business_purposes)
        )) = 0 as is_all_for_processor,
        len(reasons) > 0 and (is_their_customer or len(list_filter(
            reasons, lambda x: not list_has_any(list_append(x.statutory, x.purpose), for_third_party)
        )) = 0) as is_all_for_third_party,
        list_contains(statutory, 'PUR_CROSS_CONTEXT_ADS') as is_cross_context,
        list_has_any(statutory, business_purposes) as has_business_purpose,
        -- An audience list handed to an advertiser may be matched across contexts unless shown otherwise.
        list_contains(statutory, 'BP6_ADS_NON_CROSS')
            and list_contains(list_transform(facts, lambda x: x.category), 'PI_A_IDENTIFIERS')
            and recipient_category in ('RCP_AD_NETWORK', 'RCP_SOCIAL_NETWORK')
            and not has_evidence
            and not is_legal as is_list_match,
        -- What is not known is value, except under legal process.
        consideration in ('MONEY', 'OTHER_VALUE') or (consideration = 'UNKNOWN' and not is_legal) as is_for_value
    from named
),

stepped as (
    select
        *,
        case
            when is_same_business then 'INTERNAL'                                                   -- step 1
            when taken_as in ('CONSUMER_DIRECTED', 'SWITCHING', 'OPT_OUT_SIGNAL', 'MERGER')
                then taken_as                                                                       -- steps 2 to 4
        end as settled,                                                                             -- step 5: is_legal
        is_cross_context or is_list_match as is_share,                                              -- step 6
        is_all_for_processor and not is_cross_context and not is_list_match as is_valid_provider,
        is_for_value
            and not (is_all_for_processor and not is_cross_context and not is_list_match) as is_sale -- step 7
    from weighed
),

called as (
    select
        *,
        case
            when settled is not null then [settled]
            when is_legal or is_share or is_sale then list_filter(
                [
                    case when is_legal then 'LEGAL_OR_GOV' end,
                    case when is_share then 'SHARE' end,
                    case when is_sale then 'SALE' end
                ],
                lambda x: x is not null
            )
            when is_valid_provider and is_all_for_provider then ['BP_SERVICE_PROVIDER']              -- step 8
            when is_valid_provider then ['BP_CONTRACTOR']
            when is_all_for_third_party then ['BP_THIRD_PARTY']                                      -- step 9
            else ['UNCLASSIFIED']                                                                    -- step 10
        end as called
    from stepped
)

select
    ask,
    event_id,
    piece_from,
    piece_to,
    in_window,
    recipient,
    recipient_category,
    facts,
    reasons,
    is_valid_provider,
    -- The worst case stands for what no step places.
    list_transform(called, lambda x: case when x = 'UNCLASSIFIED' then 'SALE' else x end) as kinds,
    settled is null and (
        not is_proven
        or is_list_match
        or (is_sale and consideration = 'UNKNOWN')
        or called = ['UNCLASSIFIED']
    ) as unreviewed,
    case when settled is null then list_filter(
        list_transform(called, lambda x: case when x = 'UNCLASSIFIED' then 'SALE' else x end),
        lambda x: x in ('SALE', 'SHARE')
    ) else [] end as sold_or_shared,
    coalesce(settled, '') not in ('INTERNAL', 'SWITCHING', 'OPT_OUT_SIGNAL')
        and (has_business_purpose or called = ['BP_THIRD_PARTY']) as is_disclosed,
    not is_valid_provider and list_has_any(called, [
        'SALE', 'SHARE', 'UNCLASSIFIED', 'BP_THIRD_PARTY', 'LEGAL_OR_GOV', 'CONSUMER_DIRECTED', 'MERGER'
    ]) as is_to_third_party
from called
