using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class AccountMatches : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "company_key",
                table: "leads",
                type: "text",
                nullable: true,
                computedColumnSql: "nullif(regexp_replace(trim(regexp_replace(lower(company), '[^[:alnum:]]+', ' ', 'g')), '( (inc|incorporated|llc|ltd|limited|corp|corporation|co|company|gmbh|mbh|ag|kg|ohg|ug|se|sa|sas|sarl|srl|spa|bv|nv|ab|as|asa|oy|aps|plc|pty|kft|sro|kk))+$', ''), '')",
                stored: true);

            migrationBuilder.AddColumn<string>(
                name: "email_domain",
                table: "leads",
                type: "text",
                nullable: true,
                computedColumnSql: "case when lower(split_part(email, '@', 2)) in ('gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'yahoo.com', 'icloud.com', 'me.com', 'aol.com', 'gmx.de', 'gmx.net', 'web.de', 't-online.de', 'mail.ru', 'yandex.ru', 'qq.com', '163.com', 'proton.me', 'protonmail.com') then null else nullif(lower(split_part(email, '@', 2)), '') end",
                stored: true);

            migrationBuilder.CreateTable(
                name: "known_accounts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    website = table.Column<string>(type: "text", nullable: true),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_deleted = table.Column<bool>(type: "boolean", nullable: false),
                    company_key = table.Column<string>(type: "text", nullable: true, computedColumnSql: "nullif(regexp_replace(trim(regexp_replace(lower(name), '[^[:alnum:]]+', ' ', 'g')), '( (inc|incorporated|llc|ltd|limited|corp|corporation|co|company|gmbh|mbh|ag|kg|ohg|ug|se|sa|sas|sarl|srl|spa|bv|nv|ab|as|asa|oy|aps|plc|pty|kft|sro|kk))+$', ''), '')", stored: true),
                    domain = table.Column<string>(type: "text", nullable: true, computedColumnSql: "nullif(regexp_replace(regexp_replace(lower(website), '^([a-z]+://)?(www\\.)?', ''), '[/:?#].*$', ''), '')", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_accounts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "known_opportunities",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    stage = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric(19,4)", nullable: true),
                    currency = table.Column<string>(type: "text", nullable: false),
                    close_date = table.Column<DateOnly>(type: "date", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_open = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_opportunities", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_known_accounts_company_key",
                table: "known_accounts",
                column: "company_key",
                filter: "not is_deleted and company_key is not null");

            migrationBuilder.CreateIndex(
                name: "ix_known_accounts_domain",
                table: "known_accounts",
                column: "domain",
                filter: "not is_deleted and domain is not null");

            migrationBuilder.CreateIndex(
                name: "ix_known_opportunities_account_id",
                table: "known_opportunities",
                column: "account_id",
                filter: "is_open");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "known_accounts");

            migrationBuilder.DropTable(
                name: "known_opportunities");

            migrationBuilder.DropColumn(
                name: "company_key",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "email_domain",
                table: "leads");
        }
    }
}
