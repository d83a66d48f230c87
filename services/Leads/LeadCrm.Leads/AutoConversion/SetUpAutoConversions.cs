using LeadCrm.Leads.BulkConversions;
using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.AutoConversion;

/// <summary>Rules of automatic conversion as an administrator edits them.</summary>
internal static class SetUpAutoConversions
{
    /// <param name="Id">Id.</param>
    /// <param name="Version">Version.</param>
    /// <param name="Rule">The rule.</param>
    internal sealed record Answer(Guid Id, long Version, AutoConversionRuleDetails Rule);

    internal static IHostApplicationBuilder AddAutoConversions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AutoConversionOptions>().BindConfiguration(AutoConversionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHostedService<AutoConversionScan>();
        return builder;
    }

    internal static void MapAutoConversions(this IEndpointRouteBuilder app)
    {
        var rules = app.MapGroup("/api/leads/auto-conversion-rules").RequirePermission("setup.manage").WithTags("Conversions").WithIdempotency<LeadsDb>();
        rules.MapGet("", List).WithSummary("List the rules of automatic conversion");
        rules.MapPost("", Create).WithSummary("Add a rule").WithExample(new { name = "Hot leads", isActive = false, minScore = 90, actingUserId = Guid.Empty });
        rules.MapGet("{id:guid}", Get).WithSummary("Read a rule");
        rules.MapPut("{id:guid}", Change).WithSummary("Change a rule");
        rules.MapDelete("{id:guid}", Delete).WithSummary("Delete a rule; what it has converted stays");
    }

    private static async Task<Ok<Answer[]>> List(LeadsDb db, CancellationToken ct) =>
        TypedResults.Ok((await db.Set<AutoConversionRule>().AsNoTracking().OrderBy(r => r.Name).ToListAsync(ct)).Select(ToAnswer).ToArray());

    private static async Task<Results<VersionedOk<Answer>, ProblemHttpResult>> Get(Guid id, LeadsDb db, CancellationToken ct) =>
        await db.Set<AutoConversionRule>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, ct) is { } rule ? Answers.Ok(ToAnswer(rule), rule.Version) : Problems.NotFound();

    private static async Task<VersionedCreated<Answer>> Create(AutoConversionRuleDetails details, LeadsDb db, IDirectory directory, CancellationToken ct)
    {
        await Check(details, null, db, directory, ct);
        var rule = new AutoConversionRule(Guid.CreateVersion7());
        rule.Describe(details);
        db.Add(rule);
        await db.SaveChangesAsync(ct);
        return Answers.Created($"/api/leads/auto-conversion-rules/{rule.Id}", ToAnswer(rule), rule.Version);
    }

    private static async Task<Results<VersionedOk<Answer>, ProblemHttpResult>> Change(
        Guid id, AutoConversionRuleDetails details, HttpContext http, LeadsDb db, IDirectory directory, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await db.Set<AutoConversionRule>().FirstOrDefaultAsync(r => r.Id == id, ct) is not { } rule) return Problems.NotFound();
        Versions.Check(expected, rule.Version);
        await Check(details, id, db, directory, ct);
        rule.Describe(details);
        await db.SaveChangesAsync(ct);
        return Answers.Ok(ToAnswer(rule), rule.Version);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, HttpContext http, LeadsDb db, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await db.Set<AutoConversionRule>().FirstOrDefaultAsync(r => r.Id == id, ct) is not { } rule) return Problems.NotFound();
        Versions.Check(expected, rule.Version);
        db.Remove(rule);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task Check(AutoConversionRuleDetails details, Guid? id, LeadsDb db, IDirectory directory, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var name = details.Name.Trim();
        if (name.Length is 0 or > 80) errors.Add("name", "1 to 80 characters.");
        else if (await db.Set<AutoConversionRule>().AnyAsync(r => r.Name == name && r.Id != id, ct)) errors.Add("name", "There is a rule of that name already.");
        if (details is { MinScore: null, Grades: null or { Count: 0 }, StatusIds: null or { Count: 0 } })
            errors.Add("minScore", "A rule without a condition would convert every lead: give a score, grades or statuses.");
        if (details.MinScore is < 0 or > 100) errors.Add("minScore", "A score is 0 to 100.");
        Guid[] statuses = [.. details.StatusIds ?? []];
        var known = await db.Statuses.AsNoTracking().Where(s => statuses.Contains(s.Id)).ToListAsync(ct);
        if (known.Count < statuses.Distinct().Count()) errors.Add("statusIds", "One of these is no status.");
        foreach (var converted in known.Where(s => s.IsConverted)) errors.Add("statusIds", $"“{converted.Name}” is a converted status: such a lead is converted already.");
        if (directory.FindUser(details.ActingUserId) is not { IsActive: true } user) errors.Add("actingUserId", "There is no such active user.");
        else if (!user.Permissions.Contains("leads.convert") || !user.Permissions.Contains("leads.edit")) errors.Add("actingUserId", $"{user.Name} may not convert leads.");
        BulkRequests.Check(details.Defaults, "defaults", errors);
        if (details.OnDuplicate is { MinScore: < DuplicatePolicy.LeastScore or > 100 }) errors.Add("onDuplicate.minScore", $"A score is {DuplicatePolicy.LeastScore} to 100.");
        errors.ThrowIfAny();
    }

    private static Answer ToAnswer(AutoConversionRule r) => new(r.Id, r.Version, new AutoConversionRuleDetails
    {
        Name = r.Name, IsActive = r.IsActive, MinScore = r.MinScore, Grades = r.Grades, StatusIds = r.StatusIds, ActingUserId = r.ActingUserId, Defaults = r.Defaults,
        OnDuplicate = r.OnDuplicate,
    });
}
