-- How long may one statement of an import take? As long as it needs: a timeout meant for pages must not end it.
set statement_timeout = 0
