using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Accounts.Data.Migrations
{
    /// <summary>Indexes no longer depend on pending_conversion_id, and pages keep room for a row's next version.</summary>
    [DbContext(typeof(AccountsDb))]
    [Migration("20261126204000_RevealWithinThePage")]
    public partial class RevealWithinThePage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                do $$
                declare i record;
                begin
                    for i in select indexname, indexdef from pg_indexes where schemaname = current_schema() and indexdef like '%(pending_conversion_id IS NULL)%' loop
                        execute format('drop index %I', i.indexname);
                        execute replace(i.indexdef, ' AND (pending_conversion_id IS NULL)', '');
                    end loop;
                end $$;
                alter table accounts set (fillfactor = 75);
                alter table contacts set (fillfactor = 75);
                alter table conversion_steps set (fillfactor = 75);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The indexes serve the version before as they are.
            migrationBuilder.Sql("alter table accounts reset (fillfactor); alter table contacts reset (fillfactor); alter table conversion_steps reset (fillfactor);");
        }
    }
}
