-- Whose is each piece: is it for us to answer?
-- One row per piece; `excluded` tells why it is not, null when it is (rulings.md 23 to 25). `is_customers`: done for a
-- customer, who decides about it. `is_lapsed`: done for us by somebody whose contract with us had ended.
with met as (
    select
        *,
        $clients[list_position($customers, on_behalf_of)] as client,
        list_filter(
            coalesce($parties[list_position($recipients, actor)].contracts, []),
            lambda x: x.kind = 'R7051' and x.valid_from <= piece_from
        ) as contracts
    from piece
)

select
    * exclude (client, contracts),
    on_behalf_of is not null
        and len(list_filter(
            coalesce(client.roles, []),
            lambda x: x.valid_from <= piece_from and x.valid_until > piece_from and x.we_set_purposes
        )) = 0
        and (
            client is null
            or event in ('Deleted', 'Corrected')
            or len(list_filter(
                client.instructions,
                lambda x: x.valid_from <= piece_from
                    and x.valid_until > piece_from
                    and coalesce(x.instruction = met.instruction, true)
                    and list_has_all(x.purposes, coalesce(purposes, []))
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
