using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Settings;

/// <summary>What the organisation calls stale and overdue (LC8). There is one row.</summary>
internal sealed class LeadSettings : IVersioned, ITracked
{
    internal static readonly Guid TheOne = new("0198a000-0000-7000-8000-0000000005e7");

    private LeadSettings() { }

    public Guid Id { get; private set; } = TheOne;
    public long Version { get; private set; } = 1;

    /// <summary>After so many days without a touch a lead is stale.</summary>
    public int StaleAfterDays { get; private set; } = 7;

    /// <summary>After so many days since it was created or reopened a lead that is still open is overdue.</summary>
    public int OverdueAfterDays { get; private set; } = 14;

    public void Describe(int staleAfterDays, int overdueAfterDays) => (StaleAfterDays, OverdueAfterDays) = (staleAfterDays, overdueAfterDays);

    public static Task<LeadSettings> Read(LeadsDb db, CancellationToken ct) => db.Set<LeadSettings>().AsNoTracking().SingleAsync(ct);
}

internal sealed class LeadSettingsMapping : IEntityTypeConfiguration<LeadSettings>
{
    public void Configure(EntityTypeBuilder<LeadSettings> settings)
    {
        settings.ToTable("lead_settings");
        settings.HasKey(s => s.Id);
        settings.Property(s => s.Id).ValueGeneratedNever();
        settings.HasData(new { Id = LeadSettings.TheOne, Version = 1L, StaleAfterDays = 7, OverdueAfterDays = 14 });
    }
}

/// <summary>The settings as an administrator edits them.</summary>
internal static class SetUpLeads
{
    private const int MostDays = 3_650;

    /// <param name="StaleAfterDays">Days without a touch after which a lead is stale.</param>
    /// <param name="OverdueAfterDays">Days since it was created or reopened after which an open lead is overdue.</param>
    internal sealed record Request(int StaleAfterDays, int OverdueAfterDays);

    internal sealed record Answer(long Version, int StaleAfterDays, int OverdueAfterDays);

    internal static void MapLeadSettings(this RouteGroupBuilder leads)
    {
        leads.MapGet("settings", Get).WithSummary("Read what is called stale and overdue");
        leads.MapPut("settings", Change).RequirePermission("setup.manage").WithSummary("Change what is called stale and overdue");
    }

    private static async Task<VersionedOk<Answer>> Get(LeadsDb db, CancellationToken ct) => ToAnswer(await LeadSettings.Read(db, ct));

    private static async Task<VersionedOk<Answer>> Change(Request request, HttpContext http, LeadsDb db, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        var settings = await db.Set<LeadSettings>().SingleAsync(ct);
        Versions.Check(expected, settings.Version);
        var errors = new FieldErrors();
        if (request.StaleAfterDays is < 1 or > MostDays) errors.Add("staleAfterDays", $"1 to {MostDays:N0} days.");
        if (request.OverdueAfterDays is < 1 or > MostDays) errors.Add("overdueAfterDays", $"1 to {MostDays:N0} days.");
        errors.ThrowIfAny();
        settings.Describe(request.StaleAfterDays, request.OverdueAfterDays);
        await db.SaveChangesAsync(ct);
        return ToAnswer(settings);
    }

    private static VersionedOk<Answer> ToAnswer(LeadSettings s) => Answers.Ok(new Answer(s.Version, s.StaleAfterDays, s.OverdueAfterDays), s.Version);
}
