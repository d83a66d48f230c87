using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Accounts.Data.Migrations
{
    /// <inheritdoc />
    public partial class ExternalIdsAndSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "external_id",
                table: "contacts",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "external_id",
                table: "accounts",
                type: "text",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_contacts_external_id",
                table: "contacts",
                column: "external_id",
                unique: true,
                filter: "external_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_external_id",
                table: "accounts",
                column: "external_id",
                unique: true,
                filter: "external_id is not null");

            // What search reads: the beginnings of names in lower case, fragments and typing errors (trigrams), words.
            migrationBuilder.Sql("alter table accounts add column search_text text generated always as (lower(coalesce(name, '') || ' ' || coalesce(website, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(other_phone, ''))) stored;");
            migrationBuilder.Sql("alter table accounts add column search_vector tsvector generated always as (to_tsvector('simple', coalesce(name, '') || ' ' || coalesce(website, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(billing_city, '') || ' ' || coalesce(left(description, 4000), ''))) stored;");
            migrationBuilder.Sql("create index ix_accounts_search_text on accounts using gin (search_text gin_trgm_ops);");
            migrationBuilder.Sql("create index ix_accounts_search_vector on accounts using gin (search_vector);");
            migrationBuilder.Sql("create index ix_accounts_begins_name on accounts (lower(name) text_pattern_ops);");
            migrationBuilder.Sql("alter table contacts add column search_text text generated always as (lower(coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(mobile, ''))) stored;");
            migrationBuilder.Sql("alter table contacts add column search_vector tsvector generated always as (to_tsvector('simple', coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(title, '') || ' ' || coalesce(left(description, 4000), ''))) stored;");
            migrationBuilder.Sql("create index ix_contacts_search_text on contacts using gin (search_text gin_trgm_ops);");
            migrationBuilder.Sql("create index ix_contacts_search_vector on contacts using gin (search_vector);");
            migrationBuilder.Sql("create index ix_contacts_begins_last_name on contacts (lower(last_name) text_pattern_ops);");
            migrationBuilder.Sql("create index ix_contacts_begins_first_name on contacts (lower(first_name) text_pattern_ops);");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop index ix_accounts_search_text;");
            migrationBuilder.Sql("drop index ix_accounts_search_vector;");
            migrationBuilder.Sql("drop index ix_accounts_begins_name;");
            migrationBuilder.Sql("drop index ix_contacts_search_text;");
            migrationBuilder.Sql("drop index ix_contacts_search_vector;");
            migrationBuilder.Sql("drop index ix_contacts_begins_last_name;");
            migrationBuilder.Sql("drop index ix_contacts_begins_first_name;");
            migrationBuilder.Sql("alter table accounts drop column search_text;");
            migrationBuilder.Sql("alter table accounts drop column search_vector;");
            migrationBuilder.Sql("alter table contacts drop column search_text;");
            migrationBuilder.Sql("alter table contacts drop column search_vector;");

            migrationBuilder.DropIndex(
                name: "ix_contacts_external_id",
                table: "contacts");

            migrationBuilder.DropIndex(
                name: "ix_accounts_external_id",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "external_id",
                table: "contacts");

            migrationBuilder.DropColumn(
                name: "external_id",
                table: "accounts");
        }
    }
}
