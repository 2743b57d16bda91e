-- Which migrations were applied?
select version, checksum from tidemark.migrations where success order by version
