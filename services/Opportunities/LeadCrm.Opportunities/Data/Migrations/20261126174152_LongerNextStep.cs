using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Opportunities.Data.Migrations
{
    /// <inheritdoc />
    public partial class LongerNextStep : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The words that are searched are generated from it: a column that others are generated from keeps its type.
            migrationBuilder.Sql("drop index ix_opportunities_search_vector;");
            migrationBuilder.Sql("alter table opportunities drop column search_vector;");
            migrationBuilder.AlterColumn<string>(
                name: "next_step",
                table: "opportunities",
                type: "character varying(1000)",
                maxLength: 1000,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "character varying(255)",
                oldMaxLength: 255,
                oldNullable: true);
            migrationBuilder.Sql("alter table opportunities add column search_vector tsvector generated always as (to_tsvector('simple', coalesce(name, '') || ' ' || coalesce(next_step, '') || ' ' || coalesce(left(description, 4000), ''))) stored;");
            migrationBuilder.Sql("create index ix_opportunities_search_vector on opportunities using gin (search_vector);");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The words that are searched are generated from it: a column that others are generated from keeps its type.
            migrationBuilder.Sql("drop index ix_opportunities_search_vector;");
            migrationBuilder.Sql("alter table opportunities drop column search_vector;");
            migrationBuilder.AlterColumn<string>(
                name: "next_step",
                table: "opportunities",
                type: "character varying(255)",
                maxLength: 255,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "character varying(1000)",
                oldMaxLength: 1000,
                oldNullable: true);
            migrationBuilder.Sql("alter table opportunities add column search_vector tsvector generated always as (to_tsvector('simple', coalesce(name, '') || ' ' || coalesce(next_step, '') || ' ' || coalesce(left(description, 4000), ''))) stored;");
            migrationBuilder.Sql("create index ix_opportunities_search_vector on opportunities using gin (search_vector);");
        }
    }
}
