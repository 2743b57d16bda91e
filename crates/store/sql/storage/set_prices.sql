-- What do storage and computing cost from now on? $1 for a gigabyte and month and $2 for a core and hour, in $3, says $4.
insert into tidemark.prices (gigabyte_month, core_hour, currency, changed_by)
values ($1::float8::numeric, $2::float8::numeric, $3, $4)
on conflict (is_only) do update set
    gigabyte_month = excluded.gigabyte_month,
    core_hour = excluded.core_hour,
    currency = excluded.currency,
    changed_by = excluded.changed_by,
    changed_at = now()
