using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <summary>
    /// Lists by score and of the newest pass by what does not fit within their index. What the signals need for it the database keeps in step with the lead, whoever
    /// writes it: a copy of the service from before this migration, too, while one after the other is replaced.
    /// </summary>
    public partial class BesideTheIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_leads_created_at_id",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_leads_created_at_id1",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_lead_signals_score_lead_id",
                table: "lead_signals");

            migrationBuilder.DropIndex(
                name: "ix_lead_signals_score_lead_id1",
                table: "lead_signals");

            migrationBuilder.AddColumn<string>(
                name: "country",
                table: "lead_signals",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "owner_id",
                table: "lead_signals",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "source",
                table: "lead_signals",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "status_id",
                table: "lead_signals",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.Sql(
                """
                create function lead_signals_begin() returns trigger language plpgsql as $$
                begin
                    select l.owner_id, l.status_id, l.country, l.source, l.converted_at is not null
                    into new.owner_id, new.status_id, new.country, new.source, new.converted from leads l where l.id = new.lead_id;
                    return new;
                end $$;
                create function lead_signals_follow() returns trigger language plpgsql as $$
                begin
                    update lead_signals set owner_id = new.owner_id, status_id = new.status_id, country = new.country, source = new.source, converted = new.converted_at is not null
                    where lead_id = new.id;
                    return null;
                end $$;
                update lead_signals s set owner_id = l.owner_id, status_id = l.status_id, country = l.country, source = l.source, converted = l.converted_at is not null
                from leads l where l.id = s.lead_id;
                create trigger lead_signals_begin before insert on lead_signals for each row execute function lead_signals_begin();
                create trigger lead_signals_follow after update of owner_id, status_id, country, source, converted_at on leads for each row
                    when ((old.owner_id, old.status_id, old.country, old.source, old.converted_at) is distinct from (new.owner_id, new.status_id, new.country, new.source, new.converted_at))
                    execute function lead_signals_follow();
                """);

            migrationBuilder.CreateIndex(
                name: "ix_leads_newest_not_converted",
                table: "leads",
                columns: new[] { "created_at", "id", "country", "source", "status_id", "owner_id" },
                filter: "converted_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_leads_newest",
                table: "leads",
                columns: new[] { "created_at", "id", "country", "source", "status_id", "owner_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_signals_best",
                table: "lead_signals",
                columns: new[] { "score", "lead_id", "country", "source", "status_id", "owner_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_signals_best_not_converted",
                table: "lead_signals",
                columns: new[] { "score", "lead_id", "country", "source", "status_id", "owner_id" },
                filter: "not converted");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop trigger lead_signals_follow on leads; drop trigger lead_signals_begin on lead_signals; drop function lead_signals_follow(); drop function lead_signals_begin();");

            migrationBuilder.DropIndex(
                name: "ix_leads_newest_not_converted",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_leads_newest",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_lead_signals_best",
                table: "lead_signals");

            migrationBuilder.DropIndex(
                name: "ix_lead_signals_best_not_converted",
                table: "lead_signals");

            migrationBuilder.DropColumn(
                name: "country",
                table: "lead_signals");

            migrationBuilder.DropColumn(
                name: "owner_id",
                table: "lead_signals");

            migrationBuilder.DropColumn(
                name: "source",
                table: "lead_signals");

            migrationBuilder.DropColumn(
                name: "status_id",
                table: "lead_signals");

            migrationBuilder.CreateIndex(
                name: "ix_leads_created_at_id",
                table: "leads",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_leads_created_at_id1",
                table: "leads",
                columns: new[] { "created_at", "id" },
                filter: "converted_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_lead_signals_score_lead_id",
                table: "lead_signals",
                columns: new[] { "score", "lead_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_signals_score_lead_id1",
                table: "lead_signals",
                columns: new[] { "score", "lead_id" },
                filter: "not converted");
        }
    }
}
