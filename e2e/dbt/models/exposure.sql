{{ config(materialized='table', dist='desk', sort='desk') }}
select d.desk, d.limit_amount, sum(t.amount) as amount, sum(t.amount) > d.limit_amount as breached
from {{ ref('desk') }} d join {{ ref('open_trade') }} t on t.desk = d.desk
group by d.desk, d.limit_amount
