using System.Linq.Expressions;
using System.Text.Json;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace LeadCrm.Leads.Leads;

/// <summary>
/// Lists leads: a view, filters, order and search. Converted leads are in no view without the permission to see them (C25).
/// </summary>
internal static class ListLeads
{
    internal sealed record Item
    {
        public required Guid Id { get; init; }
        public required long Version { get; init; }
        public string? FirstName { get; init; }
        public required string LastName { get; init; }
        public string? Company { get; init; }
        public string? Title { get; init; }
        public string? Email { get; init; }
        public string? Phone { get; init; }
        public string? Mobile { get; init; }
        public string? City { get; init; }
        public string? Country { get; init; }
        public string? Industry { get; init; }
        public string? Source { get; init; }
        public string? Rating { get; init; }
        public int? Score { get; init; }
        public string? Grade { get; init; }
        public required bool Unread { get; init; }
        /// <summary>When it was last touched: a call, an e-mail, an event held (AV8).</summary>
        public DateTimeOffset? LastTouchAt { get; init; }
        /// <summary>When the next open task is due or the next event begins (AV8).</summary>
        public DateTimeOffset? NextActivityAt { get; init; }
        public required string Status { get; init; }
        public required LeadStatusCategory StatusCategory { get; init; }
        public DateOnly? FollowUpOn { get; init; }
        public Guid? OwnerId { get; init; }
        public string? OwnerName { get; init; }
        public Guid? QueueId { get; init; }
        public required bool IsConverting { get; init; }
        public required bool IsConverted { get; init; }
        /// <summary>Custom fields by key.</summary>
        public IReadOnlyDictionary<string, JsonElement> Custom { get; init; } = CustomJson.Read(null);
        internal string? StoredCustom { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        /// <summary>When it came back after it was turned down; its age counts from there (LC8).</summary>
        public DateTimeOffset? ReopenedAt { get; init; }
        public required DateTimeOffset UpdatedAt { get; init; }
        /// <summary>When it went to the recycle bin; only in lists of the bin.</summary>
        public DateTimeOffset? DeletedAt { get; init; }
    }

    internal static readonly Expression<Func<Lead, Item>> ToItem = lead => new Item
    {
        Id = lead.Id, Version = lead.Version, FirstName = lead.FirstName, LastName = lead.LastName, Company = lead.Company, Title = lead.Title,
        Email = lead.Email, Phone = lead.Phone, Mobile = lead.Mobile, City = lead.City, Country = lead.Country, Industry = lead.Industry,
        Source = lead.Source, Rating = lead.Rating, Score = lead.Signals.Score, Grade = lead.Signals.Grade, Unread = lead.Signals.Unread,
        LastTouchAt = lead.Signals.LastTouchAt, NextActivityAt = lead.Signals.NextActivityAt,
        Status = lead.Status.Name, StatusCategory = lead.Status.Category, FollowUpOn = lead.FollowUpOn, OwnerId = lead.OwnerId,
        QueueId = lead.QueueId, IsConverting = lead.Conversion == LeadConversion.Converting, IsConverted = lead.Conversion == LeadConversion.Converted,
        CreatedAt = lead.CreatedAt, ReopenedAt = lead.ReopenedAt, UpdatedAt = lead.UpdatedAt, DeletedAt = lead.DeletedAt, StoredCustom = lead.Custom,
    };

    internal static readonly ListFields<Lead> Fields = new ListFields<Lead>()
        .Add("firstName", l => l.FirstName).Add("lastName", l => l.LastName).Add("company", l => l.Company).Add("title", l => l.Title)
        .Add("email", l => l.Email).Add("phone", l => l.Phone).Add("mobile", l => l.Mobile).Add("website", l => l.Website)
        .Add("street", l => l.Street).Add("city", l => l.City).Add("state", l => l.State).Add("postalCode", l => l.PostalCode)
        .Add("country", l => l.Country).Add("industry", l => l.Industry).Add("annualRevenue", l => l.AnnualRevenue).Add("employees", l => l.Employees)
        .Add("source", l => l.Source).Add("rating", l => l.Rating).Add("doNotCall", l => l.DoNotCall).Add("emailOptOut", l => l.EmailOptOut)
        .Add("productInterest", l => l.ProductInterest).Add("budget", l => l.Budget).Add("timeframe", l => l.Timeframe).Add("nextStep", l => l.NextStep)
        .Add("campaignId", l => l.CampaignId).Add("status", l => l.Status.Name).Add("statusId", l => l.StatusId).Add("statusCategory", l => l.Status.Category)
        .Add("statusSince", l => l.StatusSince).Add("followUpOn", l => l.FollowUpOn).Add("ownerId", l => l.OwnerId).Add("queueId", l => l.QueueId)
        .Add("unread", l => l.Signals.Unread).Add("score", l => l.Signals.Score).Add("grade", l => l.Signals.Grade)
        .Add("lastTouchAt", l => l.Signals.LastTouchAt).Add("nextActivityAt", l => l.Signals.NextActivityAt)
        .Add("isConverted", l => l.Conversion == LeadConversion.Converted).Add("convertedAt", l => l.ConvertedAt).Add("importId", l => l.ImportId).Add("externalId", l => l.ExternalId)
        .Add("createdAt", l => l.CreatedAt).Add("updatedAt", l => l.UpdatedAt)
        .Add("untouchedSince", l => l.Signals.LastTouchAt ?? l.CreatedAt).Add("openSince", l => l.ReopenedAt ?? l.CreatedAt)
        .Add("viewedAt", l => l.Visits.Where(visit => visit.UserId == Actor.Current.UserId).Max(visit => (DateTimeOffset?)visit.At))
        .Search(Search);

    /// <summary>For lists that begin with the score: their index also holds these.</summary>
    internal static readonly ListFields<Lead> FieldsByScore = Fields
        .Instead("country", l => l.Signals.Country).Instead("source", l => l.Signals.Source)
        .Instead("statusId", l => l.Signals.StatusId).Instead("ownerId", l => l.Signals.OwnerId);

    internal static async Task<Results<Ok<ListPage<Item>>, ProblemHttpResult>> Handle(
        HttpRequest request, LeadLists lists, CustomFieldCache custom, IDirectory directory, CancellationToken ct, string view = "all", bool deleted = false, string? accountMatch = null)
    {
        var list = await lists.Of(view, deleted, accountMatch, request.Query["sort"], ct);
        var shown = custom.Of("lead");
        return TypedResults.Ok(await Lists.Page(list.Leads, list.Fields, request, list.Sort, ToItem,
            item => item with { OwnerName = item.OwnerId is { } owner ? directory.FindUser(owner)?.Name : null, Custom = shown.Shown(item.StoredCustom) }, ct, LeadLists.Parameters));
    }

    /// <summary>Whether converted leads are shown among others; whoever may change them sees them.</summary>
    internal static bool SeesConverted => Actor.Current.Has("leads.viewConverted") || Actor.Current.Has("leads.editConverted");

    /// <summary>Whole words anywhere, fragments and typing errors in name, company, e-mail and phone.</summary>
    private static IQueryable<Lead> Search(IQueryable<Lead> leads, string text)
    {
        var words = text.ToLowerInvariant();
        var fragment = Fragment(words);
        // "(0980) 200-52" is typed in many ways; numbers are stored in one.
        var digits = new string(text.Where(char.IsAsciiDigit).ToArray());
        var number = digits.Length >= 5 && !text.Any(char.IsLetter) ? Fragment(digits.TrimStart('0')) : fragment;
        return leads.Where(lead =>
            EF.Property<NpgsqlTsVector>(lead, "SearchVector").Matches(EF.Functions.WebSearchToTsQuery("simple", text))
            || EF.Functions.Like(EF.Property<string>(lead, "SearchText"), fragment, "\\")
            || EF.Functions.Like(EF.Property<string>(lead, "SearchText"), number, "\\")
            || EF.Functions.TrigramsAreWordSimilar(words, EF.Property<string>(lead, "SearchText")));
    }

    private static string Fragment(string text) =>
        "%" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
