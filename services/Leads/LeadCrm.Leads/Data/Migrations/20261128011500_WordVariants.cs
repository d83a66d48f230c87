using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <summary>
    /// An index of what words become when a letter is left out. A letter too many, too few, wrong, or swapped with its neighbour leaves two words with such a variant
    /// in common (the idea of Wolf Garbe's SymSpell), so that a word that was mistyped once is found by a few keys, where its trigrams lead to hundreds of words. A text
    /// with digits is no name, and no other word is meant by it.
    /// </summary>
    [DbContext(typeof(LeadsDb))]
    [Migration("20261128011500_WordVariants")]
    public partial class WordVariants : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            create function word_variants(word text) returns text[] language plpgsql immutable parallel safe as $$
            begin
                if length(word) not between 3 and 40 or word ~ '[[:digit:]]' then return array[word]; end if;
                return array(select left(word, i - 1) || substr(word, i + 1) from generate_series(1, length(word)) as i) || word;
            end $$;
            create index ix_lead_words_variants on lead_words using gin (word_variants(word)) with (fastupdate = off);
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            drop index ix_lead_words_variants;
            drop function word_variants(text);
            """);
    }
}
