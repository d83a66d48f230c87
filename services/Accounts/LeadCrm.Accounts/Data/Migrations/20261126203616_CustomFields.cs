using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Accounts.Data.Migrations
{
    /// <inheritdoc />
    public partial class CustomFields : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "custom",
                table: "contacts",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "custom",
                table: "accounts",
                type: "jsonb",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_contacts_custom",
                table: "contacts",
                column: "custom",
                filter: "custom is not null")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "jsonb_path_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_accounts_custom",
                table: "accounts",
                column: "custom",
                filter: "custom is not null")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "jsonb_path_ops" });

            migrationBuilder.Sql("select platform.watch_custom_values('accounts', 'account')");
            migrationBuilder.Sql("select platform.watch_custom_values('contacts', 'contact')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_contacts_custom",
                table: "contacts");

            migrationBuilder.DropIndex(
                name: "ix_accounts_custom",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "custom",
                table: "contacts");

            migrationBuilder.DropColumn(
                name: "custom",
                table: "accounts");
        }
    }
}
