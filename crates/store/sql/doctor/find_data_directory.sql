-- Where does Postgres keep its data, where that may be known, and is that on this very machine?
select
    case when pg_has_role(current_user, 'pg_read_all_settings', 'usage') then current_setting('data_directory') end as folder,
    inet_server_addr() is null or inet_server_addr() = inet_client_addr() as "is_here!"
