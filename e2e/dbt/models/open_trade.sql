select id, desk, day, amount from {{ ref('trade') }} where amount is not null
