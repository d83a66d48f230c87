using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Capture.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "web_forms",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: true),
                    description = table.Column<string>(type: "text", nullable: true),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    active_from = table.Column<DateOnly>(type: "date", nullable: true),
                    active_until = table.Column<DateOnly>(type: "date", nullable: true),
                    fields = table.Column<string>(type: "jsonb", nullable: false),
                    consent = table.Column<string>(type: "jsonb", nullable: true),
                    source = table.Column<string>(type: "text", nullable: true),
                    campaign_id = table.Column<Guid>(type: "uuid", nullable: true),
                    member_status_id = table.Column<Guid>(type: "uuid", nullable: true),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    queue_id = table.Column<Guid>(type: "uuid", nullable: true),
                    known_email = table.Column<string>(type: "text", nullable: false),
                    thank_you_text = table.Column<string>(type: "text", nullable: true),
                    return_url = table.Column<string>(type: "text", nullable: true),
                    return_urls = table.Column<string>(type: "jsonb", nullable: false),
                    frame_ancestors = table.Column<string>(type: "jsonb", nullable: false),
                    minimum_seconds = table.Column<int>(type: "integer", nullable: false),
                    page_only = table.Column<bool>(type: "boolean", nullable: false),
                    per_address_limit = table.Column<int>(type: "integer", nullable: false),
                    per_form_limit = table.Column<int>(type: "integer", nullable: false),
                    daily_quota = table.Column<int>(type: "integer", nullable: true),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_web_forms", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "address_counts",
                columns: table => new
                {
                    form_id = table.Column<Guid>(type: "uuid", nullable: false),
                    slot = table.Column<int>(type: "integer", nullable: false),
                    minute_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_address_counts", x => new { x.form_id, x.slot });
                    table.ForeignKey(
                        name: "fk_address_counts_web_forms_form_id",
                        column: x => x.form_id,
                        principalTable: "web_forms",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "form_lines",
                columns: table => new
                {
                    form_id = table.Column<Guid>(type: "uuid", nullable: false),
                    last_position = table.Column<long>(type: "bigint", nullable: false),
                    in_flight = table.Column<Guid>(type: "uuid", nullable: true),
                    handed_on_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    handed_on_that_day = table.Column<int>(type: "integer", nullable: false),
                    minute_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    in_that_minute = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_form_lines", x => x.form_id);
                    table.ForeignKey(
                        name: "fk_form_lines_web_forms_form_id",
                        column: x => x.form_id,
                        principalTable: "web_forms",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "receipts",
                columns: table => new
                {
                    form_id = table.Column<Guid>(type: "uuid", nullable: false),
                    once_key = table.Column<string>(type: "text", nullable: false),
                    submission_id = table.Column<Guid>(type: "uuid", nullable: false),
                    payload = table.Column<string>(type: "text", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_receipts", x => new { x.form_id, x.once_key });
                    table.ForeignKey(
                        name: "fk_receipts_web_forms_form_id",
                        column: x => x.form_id,
                        principalTable: "web_forms",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "submissions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    form_id = table.Column<Guid>(type: "uuid", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: true),
                    values = table.Column<string>(type: "jsonb", nullable: false),
                    email = table.Column<string>(type: "text", nullable: true),
                    consent = table.Column<string>(type: "jsonb", nullable: true),
                    ignored_fields = table.Column<string>(type: "jsonb", nullable: false),
                    suspicions = table.Column<string>(type: "jsonb", nullable: false),
                    address = table.Column<string>(type: "text", nullable: true),
                    raw = table.Column<byte[]>(type: "bytea", nullable: false),
                    raw_content_type = table.Column<string>(type: "text", nullable: true),
                    batch_id = table.Column<Guid>(type: "uuid", nullable: true),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: true),
                    was_known = table.Column<bool>(type: "boolean", nullable: false),
                    violations = table.Column<string>(type: "jsonb", nullable: true),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    decided_by = table.Column<Guid>(type: "uuid", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_submissions", x => x.id);
                    table.ForeignKey(
                        name: "fk_submissions_web_forms_form_id",
                        column: x => x.form_id,
                        principalTable: "web_forms",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_form_lines_handed_on_at",
                table: "form_lines",
                column: "handed_on_at",
                filter: "in_flight is not null");

            migrationBuilder.CreateIndex(
                name: "ix_receipts_expires_at",
                table: "receipts",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_email",
                table: "submissions",
                column: "email",
                filter: "email is not null");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_form_id_received_at_id",
                table: "submissions",
                columns: new[] { "form_id", "received_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_submissions_handed_on",
                table: "submissions",
                columns: new[] { "form_id", "batch_id" },
                filter: "status = 'HandedOn'");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_lead_id",
                table: "submissions",
                column: "lead_id",
                filter: "lead_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_place",
                table: "submissions",
                columns: new[] { "form_id", "position" },
                unique: true,
                filter: "position is not null");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_received_at_id",
                table: "submissions",
                columns: new[] { "received_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_submissions_status_received_at_id",
                table: "submissions",
                columns: new[] { "status", "received_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_web_forms_deleted_at",
                table: "web_forms",
                column: "deleted_at",
                filter: "deleted_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_web_forms_key",
                table: "web_forms",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_web_forms_name_id",
                table: "web_forms",
                columns: new[] { "name", "id" },
                filter: "deleted_at is null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "address_counts");

            migrationBuilder.DropTable(
                name: "form_lines");

            migrationBuilder.DropTable(
                name: "receipts");

            migrationBuilder.DropTable(
                name: "submissions");

            migrationBuilder.DropTable(
                name: "web_forms");
        }
    }
}
