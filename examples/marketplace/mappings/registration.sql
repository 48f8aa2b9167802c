-- The customer registered: with the first order, for the files tell of no earlier visit.
-- event: Collected
with first_order as (
    select
        -- customers without a row of their own keep the id that the order gives them
        coalesce(c.customer_unique_id, o.customer_id) as account,
        min(strptime(o.order_purchase_timestamp, '%m/%d/%Y %H:%M')) as happened
    from read_csv('orders.csv.gz', header = true, all_varchar = true) as o
    left join read_csv('customers.csv.gz', header = true, all_varchar = true) as c using (customer_id)
    group by account
)

select
    'account:' || account as subject,
    account as row_key,
    happened at time zone 'America/Sao_Paulo' as occurred_at,
    ['customer_number', 'postal_address'] as elements,
    'customer' as source,
    ['keep_account'] as purposes,
    'shop' as system,
    'registration' as activity
from first_order
