using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Identity.Data.Migrations
{
    /// <inheritdoc />
    public partial class Organisation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "known_permissions",
                columns: table => new
                {
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_permissions", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "organisation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    time_zone = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    first_fiscal_month = table.Column<int>(type: "integer", nullable: false),
                    sharing = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_organisation", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sharing_rules",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    record_type = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: false),
                    owned_by_team_id = table.Column<Guid>(type: "uuid", nullable: false),
                    shared_with_team_id = table.Column<Guid>(type: "uuid", nullable: false),
                    access = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sharing_rules", x => x.id);
                    table.ForeignKey(
                        name: "fk_sharing_rules_teams_owned_by_team_id",
                        column: x => x.owned_by_team_id,
                        principalTable: "teams",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_sharing_rules_teams_shared_with_team_id",
                        column: x => x.shared_with_team_id,
                        principalTable: "teams",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_sharing_rules_owned_by_team_id",
                table: "sharing_rules",
                column: "owned_by_team_id");

            migrationBuilder.CreateIndex(
                name: "ix_sharing_rules_shared_with_team_id",
                table: "sharing_rules",
                column: "shared_with_team_id");

            migrationBuilder.CreateIndex(
                name: "ix_sharing_rules_version",
                table: "sharing_rules",
                column: "version",
                unique: true);

            // Permissions that the roles of an older installation have had their chance at; whatever comes later is given to them once.
            migrationBuilder.Sql("""
                insert into known_permissions (name)
                select name from unnest(string_to_array(
                    'leads.read leads.create leads.edit leads.delete leads.convert leads.editConverted leads.import leads.transfer '
                    'accounts.read accounts.create accounts.edit accounts.delete contacts.read contacts.create contacts.edit contacts.delete '
                    'opportunities.read opportunities.create opportunities.edit opportunities.delete setup.manage users.manage messages.manage', ' ')) as name
                where exists (select from roles);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "known_permissions");

            migrationBuilder.DropTable(
                name: "organisation");

            migrationBuilder.DropTable(
                name: "sharing_rules");
        }
    }
}
