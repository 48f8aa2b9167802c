-- The customer paid, at the approval of the order (there is no payment file).
-- event: Collected
with order_row as (
    select distinct
        o.order_id,
        -- customers without a row of their own keep the id that the order gives them
        coalesce(c.customer_unique_id, o.customer_id) as account,
        o.order_approved_at as happened
    from read_csv('orders.csv.gz', header = true, all_varchar = true) as o
    left join (
        select distinct customer_id, customer_unique_id
        from read_csv('customers.csv.gz', header = true, all_varchar = true)
    ) as c using (customer_id)
)

select
    'account:' || account as subject,
    order_id || ' ' || account as row_key,
    strptime(happened, '%m/%d/%Y %H:%M') at time zone 'America/Sao_Paulo' as occurred_at,
    ['billing_record'] as elements,
    'customer' as source,
    ['take_payment'] as purposes,
    'shop' as system,
    'payment_taken' as activity
from order_row
where happened <> ''
