-- Which rows does a step see? Those of one moment, in all of its statements.
begin isolation level repeatable read
