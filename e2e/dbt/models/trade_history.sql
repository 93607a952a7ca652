{{ config(materialized='incremental', unique_key='id') }}
select id, desk, day, amount from {{ ref('open_trade') }}
{% if is_incremental() %}where day >= (select max(day) from {{ this }}){% endif %}
