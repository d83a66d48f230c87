using LeadCrm.Leads.Data;
using LeadCrm.Leads.KnownFields;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.Values;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Mapping;

/// <summary>The mapping of conversions as everybody sees it and an administrator edits it.</summary>
internal static class SetUpMapping
{
    private const int MostRules = 500, MostRates = 1_000;

    /// <param name="SourceToAccount">True: the lead's source also becomes the account's.</param>
    /// <param name="LeadWithoutCompany">What becomes of a lead without a company when an account is to be created.</param>
    /// <param name="Rules">The lines beside the standard ones; replaces all of them.</param>
    /// <param name="Rates">Exchange rates; replaces all of them.</param>
    internal sealed record Request(bool SourceToAccount, LeadWithoutCompany LeadWithoutCompany, IReadOnlyList<MappingRule> Rules, IReadOnlyList<ExchangeRate> Rates);

    /// <param name="Version">Entity tag.</param>
    /// <param name="SourceToAccount">True: the lead's source also becomes the account's.</param>
    /// <param name="LeadWithoutCompany">What becomes of a lead without a company when an account is to be created.</param>
    /// <param name="Standard">The standard lines, which are always there; a switch turns some of them off.</param>
    /// <param name="Rules">The lines beside the standard ones.</param>
    /// <param name="Rates">Exchange rates.</param>
    /// <param name="LeadFields">Fields of a lead that a line may begin at.</param>
    /// <param name="RecordFields">Fields that a line may end at.</param>
    internal sealed record Answer(
        long Version, bool SourceToAccount, LeadWithoutCompany LeadWithoutCompany, IReadOnlyList<StandardLine> Standard, IReadOnlyList<MappingRule> Rules,
        IReadOnlyList<ExchangeRate> Rates, IReadOnlyList<Field> LeadFields, IReadOnlyList<Field> RecordFields);

    /// <param name="LeadField">The lead's field.</param>
    /// <param name="Record">The record.</param>
    /// <param name="Field">The record's field.</param>
    /// <param name="IsOn">False: switched off.</param>
    internal sealed record StandardLine(string LeadField, string Record, string Field, bool IsOn);

    /// <param name="Record"><c>lead</c>, <c>account</c>, <c>contact</c> or <c>opportunity</c>.</param>
    /// <param name="Name">Its name in the API.</param>
    /// <param name="Label">What people call it.</param>
    /// <param name="Type">What it holds.</param>
    /// <param name="Length">Most characters; null: not limited.</param>
    internal sealed record Field(string Record, string Name, string Label, FieldType Type, int? Length);

    internal static async Task<VersionedOk<Answer>> Get(LeadsDb db, CustomFieldCache leadFields, CancellationToken ct)
    {
        var settings = await db.Set<MappingSettings>().AsNoTracking().SingleAsync(ct);
        return Answers.Ok(ToAnswer(settings, FieldCatalog.With(leadFields.Of("lead").States, await db.InUse().ToListAsync(ct))), settings.Version);
    }

    internal static async Task<VersionedOk<Answer>> Change(
        Request request, HttpContext http, LeadsDb db, CustomFieldCache leadFields, MappingUses uses, MappingCache cache, MappingUsesUpkeep upkeep, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        var answer = await db.InTransaction(async () =>
        {
            var settings = (await db.Set<MappingSettings>().FromSql($"select * from conversion_mapping for update").ToListAsync(ct)).Single();
            Versions.Check(expected, settings.Version);
            var catalog = FieldCatalog.With(leadFields.Of("lead").States, await db.InUse().ToListAsync(ct));
            Check(request, catalog);
            catalog = await Rely(request, settings, catalog, db, uses, ct);
            settings.Change(request.SourceToAccount, request.LeadWithoutCompany, request.Rules, request.Rates);
            await db.SaveChangesAsync(ct);
            await db.TellReplicas(MappingCache.News, ct);
            return Answers.Ok(ToAnswer(settings, catalog), settings.Version);
        }, ct);
        cache.Forget();
        upkeep.Wake();
        return answer;
    }

    internal static Task<ListPage<HistoryEntry>> ReadHistory(HttpRequest request, LeadsDb db, CancellationToken ct) =>
        History.Page(db, "mappingSettings", MappingSettings.TheOne, request, ct);

    /// <summary>
    /// From here on the owners of custom fields keep those of the old and of the new mapping as they are, however this ends. What they say of them
    /// is newer than what is known here, so it is checked once more.
    /// </summary>
    private static async Task<FieldCatalog> Rely(Request request, MappingSettings settings, FieldCatalog known, LeadsDb db, MappingUses uses, CancellationToken ct)
    {
        var held = await uses.Say([.. settings.Rules, .. request.Rules], known, ct);
        foreach (var field in held.Where(field => field.RecordType != "lead")) await KnownCustomFields.Keep(db, KnownCustomField.Of(field), ct);

        var ids = held.Select(field => field.FieldId).ToHashSet();
        var mapped = request.Rules.SelectMany(rule => (Guid?[])[known.Source(rule.LeadField)!.CustomId, known.Target(rule.Record, rule.Field)!.CustomId]).OfType<Guid>();
        var errors = new FieldErrors();
        if (mapped.Any(id => !ids.Contains(id))) errors.Add("rules", "A custom field in these lines was just deleted. Read the mapping again and take the line out.");
        errors.ThrowIfAny();

        var ofRecords = (await db.InUse().ToListAsync(ct)).Where(field => !ids.Contains(field.Id));
        var catalog = FieldCatalog.With(
            await OfLeads(db, ct), [.. ofRecords, .. held.Where(field => field.RecordType != "lead").Select(KnownCustomField.Of)]);
        Check(request, catalog);
        return catalog;
    }

    /// <summary>The fields of leads as the database has them: this replica may not have heard of a change yet.</summary>
    private static async Task<IEnumerable<CustomFieldState>> OfLeads(LeadsDb db, CancellationToken ct) =>
        (await db.Set<CustomField>().AsNoTracking().Where(field => field.RecordType == "lead" && field.DeletedAt == null).ToListAsync(ct)).Select(field => CustomFieldState.Of(field, field.Version));

    /// <summary>Everything that is wrong with the lines and rates, at once: unknown fields, types that do not go together, a target fed twice (C11).</summary>
    internal static void Check(Request request, FieldCatalog catalog)
    {
        var errors = new FieldErrors();
        if (request.Rules is null || request.Rules.Any(rule => rule is null)) errors.Add("rules", "The lines beside the standard ones; an empty list for none.");
        if (request.Rates is null || request.Rates.Any(rate => rate is null)) errors.Add("rates", "The exchange rates; an empty list for none.");
        if (request.Rules?.Count > MostRules) errors.Add("rules", $"At most {MostRules} lines.");
        if (request.Rates?.Count > MostRates) errors.Add("rates", $"At most {MostRates:N0} rates.");
        errors.ThrowIfAny();

        var table = new MappingTable(catalog, request.SourceToAccount);
        var fed = MappingTable.Standard.Where(table.IsOn).Select(line => (line.Record, line.Field)).ToHashSet();
        foreach (var (index, rule) in request.Rules!.Index()) CheckRule(rule, $"rules[{index}]", catalog, fed, errors);
        foreach (var (index, rate) in request.Rates!.Index()) CheckRate(rate, $"rates[{index}]", request.Rates!, errors);
        errors.ThrowIfAny();
    }

    private static void CheckRule(MappingRule rule, string at, FieldCatalog catalog, HashSet<(string, string)> fed, FieldErrors errors)
    {
        var (source, target) = (catalog.Source(rule.LeadField), catalog.Target(rule.Record, rule.Field));
        if (source is null) errors.Add(at + ".leadField", $"A lead has no field “{rule.LeadField}”.");
        if (!TargetFields.Records.Contains(rule.Record)) errors.Add(at + ".record", $"One of: {string.Join(", ", TargetFields.Records)}.");
        else if (target is not { IsMappable: true }) errors.Add(at + ".field", $"No line can feed a field “{rule.Field}” of the {rule.Record}.");
        else if (!fed.Add((rule.Record, rule.Field))) errors.Add(at + ".field", $"Another line feeds the {rule.Record}'s “{rule.Field}” already: a field has one source.");
        if (source is not null && target is { IsMappable: true } && source.Shape.ProblemWith(target.Shape) is { } problem) errors.Add(at, problem);
    }

    private static void CheckRate(ExchangeRate rate, string at, IReadOnlyList<ExchangeRate> all, FieldErrors errors)
    {
        if (Currencies.Normalise(rate.From) != rate.From) errors.Add(at + ".from", "An ISO 4217 code in capitals, such as EUR.");
        if (Currencies.Normalise(rate.To) != rate.To) errors.Add(at + ".to", "An ISO 4217 code in capitals, such as EUR.");
        if (rate.From == rate.To) errors.Add(at + ".to", "A rate is between two currencies.");
        if (rate.Rate is <= 0 or >= 1_000_000_000m || decimal.Round(rate.Rate, 10) != rate.Rate) errors.Add(at + ".rate", "More than 0, less than 1,000,000,000, at most 10 decimal places.");
        if (rate.AsOf.Year is < 1900 or > 2200) errors.Add(at + ".asOf", "The day that the rate is of, between 1900 and 2200.");
        if (all.Count(other => other.From == rate.From && other.To == rate.To) > 1) errors.Add(at, $"There is more than one rate from {rate.From} to {rate.To}.");
    }

    private static Answer ToAnswer(MappingSettings settings, FieldCatalog catalog)
    {
        var table = settings.ToTable(catalog);
        return new(
            settings.Version, settings.SourceToAccount, settings.LeadWithoutCompany,
            [.. MappingTable.Standard.Select(line => new StandardLine(line.LeadField, line.Record, line.Field, table.IsOn(line)))],
            settings.Rules, settings.Rates,
            [.. catalog.Sources.Select(field => new Field("lead", field.Name, field.Label, field.Shape.Type, field.Shape.Length))],
            [.. catalog.Targets.Where(field => field.IsMappable).Select(field => new Field(field.Record, field.Name, field.Label, field.Shape.Type, field.Shape.Length))]);
    }
}
