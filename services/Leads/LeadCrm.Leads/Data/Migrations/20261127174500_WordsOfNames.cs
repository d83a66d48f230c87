using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <summary>
    /// The words of the leads' names and companies, each once, for the search of what looks like them. They are collected by the database, whoever writes leads, and
    /// never taken back: a word that nobody has any more finds nothing. It is no key: who writes a lead would then wait for others that write one of the same new name.
    /// </summary>
    [DbContext(typeof(LeadsDb))]
    [Migration("20261127174500_WordsOfNames")]
    public partial class WordsOfNames : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            create table lead_words (word text not null);
            create function lead_words_of(first_name text, last_name text, company text) returns setof text language sql immutable as $$
                select word from unnest(tsvector_to_array(to_tsvector('simple', concat_ws(' ', first_name, last_name, company)))) as word where length(word) between 3 and 100
            $$;
            -- Word by word through the index, whatever was planned for how many rows: a plan that reads the whole vocabulary would be kept for the next lead alone.
            create function lead_words_learn() returns trigger language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
            begin
                insert into lead_words
                select name.word from (select distinct word from written l, lead_words_of(l.first_name, l.last_name, l.company) as word) as name
                where not exists (select from lead_words known where known.word = name.word);
                return null;
            end $$;
            create function lead_words_learn_one() returns trigger language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
            begin
                insert into lead_words select name.word from lead_words_of(new.first_name, new.last_name, new.company) as name (word)
                where not exists (select from lead_words known where known.word = name.word);
                return null;
            end $$;
            insert into lead_words select distinct name.word from leads l, lead_words_of(l.first_name, l.last_name, l.company) as name (word);
            create index ix_lead_words_word on lead_words (word);
            create index ix_lead_words_alike on lead_words using gin (word gin_trgm_ops) with (fastupdate = off);
            create trigger lead_words_learn after insert on leads referencing new table as written for each statement execute function lead_words_learn();
            create trigger lead_words_learn_one after update of first_name, last_name, company on leads for each row
                when ((old.first_name, old.last_name, old.company) is distinct from (new.first_name, new.last_name, new.company)) execute function lead_words_learn_one();
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            drop trigger lead_words_learn_one on leads;
            drop trigger lead_words_learn on leads;
            drop function lead_words_learn_one();
            drop function lead_words_learn();
            drop function lead_words_of(text, text, text);
            drop table lead_words;
            """);
    }
}
