using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <summary>
    /// Whether a word is known is asked for each by itself: <c>offset 0</c> keeps PostgreSQL from making a join of it, which, planned when the table was known to be
    /// empty, goes through all that was learnt meanwhile for each word of a list (20,000 leads took more than a minute). And a text with digits is not learnt:
    /// it is no name, and no other word is meant by it; companies that differ by their numbers filled the table.
    /// </summary>
    [DbContext(typeof(LeadsDb))]
    [Migration("20261128043500_WordsOneByOne")]
    public partial class WordsOneByOne : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            create or replace function lead_words_of(first_name text, last_name text, company text) returns setof text language sql immutable as $$
                select word from unnest(tsvector_to_array(to_tsvector('simple', concat_ws(' ', first_name, last_name, company)))) as word
                where length(word) between 3 and 100 and word !~ '[[:digit:]]'
            $$;
            create or replace function lead_words_learn() returns trigger language plpgsql set enable_seqscan = off as $$
            begin
                insert into lead_words
                select name.word from (select distinct word from written l, lead_words_of(l.first_name, l.last_name, l.company) as word) as name
                where not exists (select from lead_words known where known.word = name.word offset 0);
                return null;
            end $$;
            create or replace function lead_words_learn_one() returns trigger language plpgsql set enable_seqscan = off as $$
            begin
                insert into lead_words select name.word from lead_words_of(new.first_name, new.last_name, new.company) as name (word)
                where not exists (select from lead_words known where known.word = name.word offset 0);
                return null;
            end $$;
            delete from lead_words where word ~ '[[:digit:]]';
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            create or replace function lead_words_of(first_name text, last_name text, company text) returns setof text language sql immutable as $$
                select word from unnest(tsvector_to_array(to_tsvector('simple', concat_ws(' ', first_name, last_name, company)))) as word where length(word) between 3 and 100
            $$;
            """);
    }
}
