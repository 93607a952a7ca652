{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge', on_schema_change='append_new_columns') }}
select id, desk, amount from {{ ref('open_trade') }}
