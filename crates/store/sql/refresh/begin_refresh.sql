-- Which rows does a refresh see? All that are committed, also while it waited: never the past of a transaction.
begin isolation level read committed
