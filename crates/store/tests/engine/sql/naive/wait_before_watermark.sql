-- First the wait, then the watermark: who begins in between is not waited for.
create or replace function tidemark.raise_watermark()
returns timestamptz
language plpgsql
as $$
declare
    watermark timestamptz;
begin
    perform tidemark.writers_are_done_itself(tidemark.setting('writer_wait', '500ms')::interval);
    perform barrier.pass(0);
    watermark := tidemark.raise_watermark_itself();
    perform barrier.pass(1);
    return watermark;
end
$$;
create or replace function tidemark.writers_are_done(patience interval)
returns boolean
language plpgsql
as $$
begin
    perform barrier.pass(3);
    return true;
end
$$;
