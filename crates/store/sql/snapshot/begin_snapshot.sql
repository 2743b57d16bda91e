-- How do all panels show the same moment? They are read from one snapshot.
begin isolation level repeatable read read only
