-- How would any values be looked for? A plan for all of them is asked for, and nothing can be changed.
begin read only
