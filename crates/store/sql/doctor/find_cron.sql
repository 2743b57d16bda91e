-- What is wrong with the jobs of pg_cron that refresh the views?
select
    subject as "subject!",
    evidence as "evidence!",
    'the jobs in cron.job, and cron.job_run_details, of which old rows can be deleted' as "fix!",
    false as "can_be_run!"
from tidemark.cron_problems()
