-- C: how long does a whole refresh take, and what did it do to each view?
select view_name, success, error_message
from public.refresh_action_analytics()
