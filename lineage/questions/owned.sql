-- Whose is each piece: is it for us to answer?
-- One row per piece; `excluded` tells why it is not, null when it is (rulings.md 23 to 25). `is_customers`: done for a
-- customer, who decides about it. `is_lapsed`: done for us by somebody whose contract with us had ended.
with met as (
    select
        piece.*,
        list_filter(
            coalesce(policy_client.roles, []),
            lambda x: x.valid_from <= piece.piece_from and x.valid_until > piece.piece_from and x.we_set_purposes
        ) as own_roles,
        list_filter(
            coalesce(policy_client.instructions, []),
            lambda x: x.valid_from <= piece.piece_from
                and x.valid_until > piece.piece_from
                and coalesce(x.instruction = piece.instruction, true)
        ) as instructions,
        policy_client.customer is not null as is_known_customer,
        list_filter(
            coalesce(policy_party.contracts, []),
            lambda x: x.kind = 'R7051' and x.valid_from <= piece.piece_from
        ) as contracts
    from piece
    left join policy_client
        on policy_client.policy = $policy and policy_client.customer = piece.on_behalf_of
    left join policy_party
        on policy_party.policy = $policy and policy_party.recipient = piece.actor
)

select
    * exclude (own_roles, instructions, is_known_customer, contracts),
    on_behalf_of is not null
        and len(own_roles) = 0
        and (
            not is_known_customer
            or event in ('Deleted', 'Corrected')
            or len(list_filter(
                instructions,
                lambda x: list_has_all(x.purposes, coalesce(purposes, []))
                    and coalesce(list_contains(x.recipients, recipient), true)
            )) > 0
        ) as is_customers,
    case
        when (claim_evidence is not null or decided = 'EXEMPT') and list_position(
            [
                'HIPAA_PHI', 'CMIA', 'FCRA', 'GLBA', 'DPPA', 'PUBLIC', 'DEIDENTIFIED', 'AGGREGATE', 'HOUSEHOLD',
                'CLINICAL_TRIAL', 'OUTSIDE_CA', 'NON_CONSUMER'
            ],
            exemption
        ) > 0 then exemption
        when actor is not null and len(contracts) = 0 then 'ACTOR'
        when is_customers then 'CUSTOMER'
    end as excluded,
    actor is not null and len(list_filter(contracts, lambda x: x.valid_until > piece_from)) = 0 as is_lapsed
from met
