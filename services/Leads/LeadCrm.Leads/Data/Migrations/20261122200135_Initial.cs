using System;
using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:PostgresExtension:pg_trgm", ",,");

            migrationBuilder.CreateTable(
                name: "import_mappings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    plan = table.Column<string>(type: "jsonb", nullable: false),
                    created_by_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_import_mappings", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "imports",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    file_name = table.Column<string>(type: "text", nullable: false),
                    created_by_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_by_name = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    size = table.Column<long>(type: "bigint", nullable: false),
                    encoding = table.Column<string>(type: "text", nullable: false),
                    delimiter = table.Column<string>(type: "text", nullable: false),
                    headers = table.Column<string[]>(type: "text[]", nullable: false),
                    samples = table.Column<string>(type: "jsonb", nullable: false),
                    plan = table.Column<string>(type: "jsonb", nullable: true),
                    phase = table.Column<string>(type: "text", nullable: false),
                    queued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    rows_read = table.Column<long>(type: "bigint", nullable: false),
                    rows_created = table.Column<long>(type: "bigint", nullable: false),
                    rows_failed = table.Column<long>(type: "bigint", nullable: false),
                    bytes_read = table.Column<long>(type: "bigint", nullable: false),
                    cancel_requested = table.Column<bool>(type: "boolean", nullable: false),
                    problem = table.Column<string>(type: "text", nullable: true),
                    lease_owner = table.Column<Guid>(type: "uuid", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_imports", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "lead_processes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    steps = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_processes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "lead_queues",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    members = table.Column<Guid[]>(type: "uuid[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_queues", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "lead_statuses",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    category = table.Column<string>(type: "text", nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    sort = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_statuses", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "import_chunks",
                columns: table => new
                {
                    import_id = table.Column<Guid>(type: "uuid", nullable: false),
                    no = table.Column<int>(type: "integer", nullable: false),
                    bytes = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_import_chunks", x => new { x.import_id, x.no });
                    table.ForeignKey(
                        name: "fk_import_chunks_imports_import_id",
                        column: x => x.import_id,
                        principalTable: "imports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "import_errors",
                columns: table => new
                {
                    import_id = table.Column<Guid>(type: "uuid", nullable: false),
                    row = table.Column<long>(type: "bigint", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    message = table.Column<string>(type: "text", nullable: false),
                    cells = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_import_errors", x => new { x.import_id, x.row });
                    table.ForeignKey(
                        name: "fk_import_errors_imports_import_id",
                        column: x => x.import_id,
                        principalTable: "imports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "leads",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    conversion = table.Column<string>(type: "text", nullable: false),
                    conversion_id = table.Column<Guid>(type: "uuid", nullable: true),
                    converting_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    converted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    converted_account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    converted_contact_id = table.Column<Guid>(type: "uuid", nullable: true),
                    converted_opportunity_id = table.Column<Guid>(type: "uuid", nullable: true),
                    conversion_failure = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    salutation = table.Column<string>(type: "text", nullable: true),
                    first_name = table.Column<string>(type: "text", nullable: true),
                    last_name = table.Column<string>(type: "text", nullable: false),
                    company = table.Column<string>(type: "text", nullable: true),
                    title = table.Column<string>(type: "text", nullable: true),
                    email = table.Column<string>(type: "text", nullable: true),
                    phone = table.Column<string>(type: "text", nullable: true),
                    mobile = table.Column<string>(type: "text", nullable: true),
                    fax = table.Column<string>(type: "text", nullable: true),
                    website = table.Column<string>(type: "text", nullable: true),
                    street = table.Column<string>(type: "text", nullable: true),
                    city = table.Column<string>(type: "text", nullable: true),
                    state = table.Column<string>(type: "text", nullable: true),
                    postal_code = table.Column<string>(type: "text", nullable: true),
                    country = table.Column<string>(type: "text", nullable: true),
                    industry = table.Column<string>(type: "text", nullable: true),
                    annual_revenue = table.Column<decimal>(type: "numeric(19,4)", nullable: true),
                    revenue_currency = table.Column<string>(type: "text", nullable: true),
                    employees = table.Column<int>(type: "integer", nullable: true),
                    source = table.Column<string>(type: "text", nullable: true),
                    rating = table.Column<string>(type: "text", nullable: true),
                    description = table.Column<string>(type: "text", nullable: true),
                    do_not_call = table.Column<bool>(type: "boolean", nullable: false),
                    email_opt_out = table.Column<bool>(type: "boolean", nullable: false),
                    personal_profiles = table.Column<string>(type: "jsonb", nullable: true),
                    company_profiles = table.Column<string>(type: "jsonb", nullable: true),
                    product_interest = table.Column<string>(type: "text", nullable: true),
                    budget = table.Column<decimal>(type: "numeric(19,4)", nullable: true),
                    budget_currency = table.Column<string>(type: "text", nullable: true),
                    timeframe = table.Column<string>(type: "text", nullable: true),
                    need = table.Column<string>(type: "text", nullable: true),
                    next_step = table.Column<string>(type: "text", nullable: true),
                    referred_by = table.Column<string>(type: "jsonb", nullable: true),
                    campaign_id = table.Column<Guid>(type: "uuid", nullable: true),
                    utm = table.Column<string>(type: "jsonb", nullable: true),
                    consents = table.Column<string>(type: "jsonb", nullable: true),
                    import_id = table.Column<Guid>(type: "uuid", nullable: true),
                    extra = table.Column<string>(type: "jsonb", nullable: true),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    queue_id = table.Column<Guid>(type: "uuid", nullable: true),
                    assigned_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    status_id = table.Column<Guid>(type: "uuid", nullable: false),
                    status_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    process_id = table.Column<Guid>(type: "uuid", nullable: true),
                    held_status_id = table.Column<Guid>(type: "uuid", nullable: true),
                    not_qualified_reason = table.Column<string>(type: "text", nullable: true),
                    follow_up_on = table.Column<DateOnly>(type: "date", nullable: true),
                    reopened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    search_text = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(coalesce(first_name, '') || ' ' || last_name || ' ' || coalesce(company, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(mobile, ''))", stored: true),
                    search_vector = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: true, computedColumnSql: "to_tsvector('simple', coalesce(first_name, '') || ' ' || last_name || ' ' || coalesce(company, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(left(description, 4000), ''))", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leads", x => x.id);
                    table.ForeignKey(
                        name: "fk_leads_processes_process_id",
                        column: x => x.process_id,
                        principalTable: "lead_processes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_leads_queues_queue_id",
                        column: x => x.queue_id,
                        principalTable: "lead_queues",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_leads_statuses_held_status_id",
                        column: x => x.held_status_id,
                        principalTable: "lead_statuses",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_leads_statuses_status_id",
                        column: x => x.status_id,
                        principalTable: "lead_statuses",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "conversions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    acting_user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan = table.Column<string>(type: "jsonb", nullable: false),
                    @checked = table.Column<bool>(name: "checked", type: "boolean", nullable: false),
                    accounts = table.Column<string>(type: "jsonb", nullable: true),
                    opportunity = table.Column<string>(type: "jsonb", nullable: true),
                    accounts_revealed = table.Column<bool>(type: "boolean", nullable: false),
                    opportunity_revealed = table.Column<bool>(type: "boolean", nullable: false),
                    failure = table.Column<string>(type: "jsonb", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    deadline_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    resend_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    resends = table.Column<int>(type: "integer", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_conversions", x => x.id);
                    table.ForeignKey(
                        name: "fk_conversions_leads_lead_id",
                        column: x => x.lead_id,
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "lead_signals",
                columns: table => new
                {
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unread = table.Column<bool>(type: "boolean", nullable: false),
                    score = table.Column<int>(type: "integer", nullable: true),
                    grade = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_signals", x => x.lead_id);
                    table.ForeignKey(
                        name: "fk_lead_signals_leads_lead_id",
                        column: x => x.lead_id,
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "lead_status_log",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from_status_id = table.Column<Guid>(type: "uuid", nullable: true),
                    to_status_id = table.Column<Guid>(type: "uuid", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    operation_id = table.Column<Guid>(type: "uuid", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_status_log", x => x.id);
                    table.ForeignKey(
                        name: "fk_lead_status_log_leads_lead_id",
                        column: x => x.lead_id,
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_lead_status_log_statuses_from_status_id",
                        column: x => x.from_status_id,
                        principalTable: "lead_statuses",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_lead_status_log_statuses_to_status_id",
                        column: x => x.to_status_id,
                        principalTable: "lead_statuses",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.InsertData(
                table: "lead_processes",
                columns: new[] { "id", "is_default", "name", "steps", "version" },
                values: new object[] { new Guid("0198c000-0000-7000-8000-000000000010"), true, "Standard", "[{\"statusId\":\"0198c000-0000-7000-8000-000000000001\",\"guidance\":\"Read what brought the lead and make the first contact.\",\"keyFields\":[\"phone\",\"email\",\"source\"],\"isEnforced\":false,\"next\":[\"0198c000-0000-7000-8000-000000000002\",\"0198c000-0000-7000-8000-000000000003\",\"0198c000-0000-7000-8000-000000000004\",\"0198c000-0000-7000-8000-000000000005\"]},{\"statusId\":\"0198c000-0000-7000-8000-000000000002\",\"guidance\":\"Find out budget, timeframe and need.\",\"keyFields\":[\"budget\",\"timeframe\",\"need\",\"nextStep\"],\"isEnforced\":false,\"next\":[\"0198c000-0000-7000-8000-000000000001\",\"0198c000-0000-7000-8000-000000000003\",\"0198c000-0000-7000-8000-000000000004\",\"0198c000-0000-7000-8000-000000000005\"]},{\"statusId\":\"0198c000-0000-7000-8000-000000000003\",\"guidance\":\"Keep in touch until the follow-up date.\",\"keyFields\":[\"productInterest\",\"nextStep\"],\"isEnforced\":false,\"next\":[\"0198c000-0000-7000-8000-000000000002\",\"0198c000-0000-7000-8000-000000000004\",\"0198c000-0000-7000-8000-000000000005\"]},{\"statusId\":\"0198c000-0000-7000-8000-000000000004\",\"guidance\":\"Agree on the next step and convert.\",\"keyFields\":[\"company\",\"budget\",\"nextStep\"],\"isEnforced\":false,\"next\":[\"0198c000-0000-7000-8000-000000000002\",\"0198c000-0000-7000-8000-000000000003\",\"0198c000-0000-7000-8000-000000000005\"]},{\"statusId\":\"0198c000-0000-7000-8000-000000000005\",\"guidance\":\"Say why, and when to look again.\",\"keyFields\":[],\"isEnforced\":false,\"next\":[\"0198c000-0000-7000-8000-000000000001\",\"0198c000-0000-7000-8000-000000000002\",\"0198c000-0000-7000-8000-000000000003\",\"0198c000-0000-7000-8000-000000000004\"]}]", 1L });

            migrationBuilder.InsertData(
                table: "lead_statuses",
                columns: new[] { "id", "category", "is_active", "is_default", "name", "sort", "version" },
                values: new object[,]
                {
                    { new Guid("0198c000-0000-7000-8000-000000000001"), "Open", true, true, "New", 10, 1L },
                    { new Guid("0198c000-0000-7000-8000-000000000002"), "Open", true, false, "Working", 20, 1L },
                    { new Guid("0198c000-0000-7000-8000-000000000003"), "Nurturing", true, false, "Nurturing", 30, 1L },
                    { new Guid("0198c000-0000-7000-8000-000000000004"), "Qualified", true, false, "Qualified", 40, 1L },
                    { new Guid("0198c000-0000-7000-8000-000000000005"), "NotQualified", true, false, "Not Qualified", 50, 1L },
                    { new Guid("0198c000-0000-7000-8000-000000000006"), "Converted", true, false, "Converted", 60, 1L }
                });

            migrationBuilder.CreateIndex(
                name: "ix_conversions_lead_id_id",
                table: "conversions",
                columns: new[] { "lead_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_conversions_live_lead",
                table: "conversions",
                column: "lead_id",
                unique: true,
                filter: "finished_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_import_mappings_name",
                table: "import_mappings",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_imports_created_at_id",
                table: "imports",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_imports_queued_at",
                table: "imports",
                column: "queued_at",
                filter: "state in ('Queued', 'Running')");

            migrationBuilder.CreateIndex(
                name: "ix_lead_processes_is_default",
                table: "lead_processes",
                column: "is_default",
                unique: true,
                filter: "is_default");

            migrationBuilder.CreateIndex(
                name: "ix_lead_processes_name",
                table: "lead_processes",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_lead_queues_name",
                table: "lead_queues",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_lead_signals_score_lead_id",
                table: "lead_signals",
                columns: new[] { "score", "lead_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_status_log_from_status_id",
                table: "lead_status_log",
                column: "from_status_id");

            migrationBuilder.CreateIndex(
                name: "ix_lead_status_log_lead_id_id",
                table: "lead_status_log",
                columns: new[] { "lead_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_status_log_to_status_id",
                table: "lead_status_log",
                column: "to_status_id");

            migrationBuilder.CreateIndex(
                name: "ix_lead_statuses_is_default",
                table: "lead_statuses",
                column: "is_default",
                unique: true,
                filter: "is_default");

            migrationBuilder.CreateIndex(
                name: "ix_lead_statuses_name",
                table: "lead_statuses",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_leads_company_id",
                table: "leads",
                columns: new[] { "company", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_leads_conversion_id",
                table: "leads",
                column: "conversion_id",
                unique: true,
                filter: "conversion_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_leads_converting_since",
                table: "leads",
                column: "converting_since",
                filter: "conversion = 'Converting'");

            migrationBuilder.CreateIndex(
                name: "ix_leads_created_at_id",
                table: "leads",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_leads_email",
                table: "leads",
                column: "email");

            migrationBuilder.CreateIndex(
                name: "ix_leads_follow_up_on_id",
                table: "leads",
                columns: new[] { "follow_up_on", "id" },
                filter: "held_status_id is not null and deleted_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_leads_held_status_id",
                table: "leads",
                column: "held_status_id");

            migrationBuilder.CreateIndex(
                name: "ix_leads_import_id",
                table: "leads",
                column: "import_id",
                filter: "import_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_leads_last_name_id",
                table: "leads",
                columns: new[] { "last_name", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_leads_owner_id_id",
                table: "leads",
                columns: new[] { "owner_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_leads_process_id",
                table: "leads",
                column: "process_id");

            migrationBuilder.CreateIndex(
                name: "ix_leads_queue_id_id",
                table: "leads",
                columns: new[] { "queue_id", "id" },
                filter: "queue_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_leads_search_text",
                table: "leads",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_leads_search_vector",
                table: "leads",
                column: "search_vector")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_leads_status_id_id",
                table: "leads",
                columns: new[] { "status_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "conversions");

            migrationBuilder.DropTable(
                name: "import_chunks");

            migrationBuilder.DropTable(
                name: "import_errors");

            migrationBuilder.DropTable(
                name: "import_mappings");

            migrationBuilder.DropTable(
                name: "lead_signals");

            migrationBuilder.DropTable(
                name: "lead_status_log");

            migrationBuilder.DropTable(
                name: "imports");

            migrationBuilder.DropTable(
                name: "leads");

            migrationBuilder.DropTable(
                name: "lead_processes");

            migrationBuilder.DropTable(
                name: "lead_queues");

            migrationBuilder.DropTable(
                name: "lead_statuses");
        }
    }
}
