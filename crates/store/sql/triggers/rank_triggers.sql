-- Which $10 triggers come next in the order of the column $1 (downwards where $2) after the value $8 and the id $9? Only
-- before the value $3, only enabled ones where $4, only those of $5, of organization $6, and with the text $7. The order
-- is as of the last refresh, by index.
select ranked.id as "id!", ranked.value
from tidemark.rank_triggers($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) with ordinality as ranked (id, value, place)
order by ranked.place
