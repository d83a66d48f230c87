using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Accounts.Data.Migrations
{
    /// <inheritdoc />
    public partial class LastTouch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "account_touches",
                columns: table => new
                {
                    record_id = table.Column<Guid>(type: "uuid", nullable: false),
                    last_touch_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    next_activity_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_touches", x => x.record_id);
                    table.ForeignKey(
                        name: "fk_account_touches_accounts_record_id",
                        column: x => x.record_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "contact_touches",
                columns: table => new
                {
                    record_id = table.Column<Guid>(type: "uuid", nullable: false),
                    last_touch_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    next_activity_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contact_touches", x => x.record_id);
                    table.ForeignKey(
                        name: "fk_contact_touches_contacts_record_id",
                        column: x => x.record_id,
                        principalTable: "contacts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_account_touches_last_touch_at",
                table: "account_touches",
                column: "last_touch_at");

            migrationBuilder.CreateIndex(
                name: "ix_account_touches_next_activity_at",
                table: "account_touches",
                column: "next_activity_at");

            migrationBuilder.CreateIndex(
                name: "ix_contact_touches_last_touch_at",
                table: "contact_touches",
                column: "last_touch_at");

            migrationBuilder.CreateIndex(
                name: "ix_contact_touches_next_activity_at",
                table: "contact_touches",
                column: "next_activity_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "account_touches");

            migrationBuilder.DropTable(
                name: "contact_touches");
        }
    }
}
