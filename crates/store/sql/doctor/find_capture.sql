-- What of the capture of changes is missing or disabled?
select 'action_results' as "subject!", problem as "evidence!", 'tidemark migrate' as "fix!", true as "can_be_run!"
from tidemark.capture_problems() as problem
