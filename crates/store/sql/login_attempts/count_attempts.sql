-- How many logins failed since $4: for this account from browsers that were strangers to it, from this address, and
-- from this very browser?
select
    count(*) filter (where account = lower($1) and device_hash is null) as "of_account!",
    count(*) filter (where address = $2 and device_hash is null) as "of_address!",
    count(*) filter (where account = lower($1) and device_hash = $3) as "of_device!"
from tidemark.login_attempts
where at >= $4 and (account = lower($1) or address = $2)
