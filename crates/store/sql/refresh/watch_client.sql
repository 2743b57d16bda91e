-- What if nobody waits for the refresh any more? Then it ends within seconds, where the platform can tell.
select set_config('client_connection_check_interval', '2s', false)
