-- What did each step of the newest refresh take, if that came after the run $1?
select
    log.run_id,
    log.view_name,
    log.was_needed,
    log.duration_ms::float8 as view_ms,
    log.fold_ms::float8 as fold_ms
from tidemark.refresh_log as log
where log.run_id = (select max(run_id) from tidemark.refresh_log) and log.run_id > $1
