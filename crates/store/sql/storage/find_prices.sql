-- What do storage and computing cost here?
select gigabyte_month::float8 as "gigabyte_month!", core_hour::float8 as "core_hour!", currency from tidemark.prices
