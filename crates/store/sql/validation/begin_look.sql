-- As of when is everything that is compared? As of one moment, and nothing is changed.
begin isolation level repeatable read, read only
