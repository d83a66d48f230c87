using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Opportunities.Contracts;
using Microsoft.Extensions.Options;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// Step 0: asks Accounts and Opportunities, in parallel and with the acting user's own token, what their steps would run into. Nothing is
/// written. Who does not answer in time is asked again by the saga, whose steps check everything once more.
/// </summary>
internal sealed class ConversionChecks(IHttpClientFactory clients, IOptions<ConversionOptions> options, ILogger<ConversionChecks> log)
{
    public const string Accounts = "accounts";
    public const string Opportunities = "opportunities";
    private const int MostCandidates = 10;

    // Contracts only grow: members that are not known here yet are none of our business.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>What both say about the plan.</summary>
    public async Task<CheckedPlan> Ask(ConversionPlan plan, CancellationToken ct)
    {
        var accounts = Ask<CreateAccountAndContact, AccountConversionCheck>(
            Accounts, plan.Accounts, status => new AccountConversionCheck { Status = status, Reason = NotAllowed(Accounts) }, ct);
        var opportunity = plan.Opportunity switch
        {
            null => null,
            // Named after an account whose name only Accounts knows: one after the other.
            { Create: true, Name: null, AccountName: null } nameless => (await accounts)?.AccountName is { } name ? AskOpportunities(nameless with { AccountName = name }, ct) : null,
            var other => AskOpportunities(other, ct),
        };

        var checkedPlan = new CheckedPlan
        {
            Plan = plan,
            Accounts = await accounts,
            Opportunity = opportunity is null ? null : await opportunity,
        };
        return checkedPlan.NeedsDecision ? checkedPlan with { OpenOpportunities = await OpenOpportunities(checkedPlan, ct) } : checkedPlan;
    }

    /// <summary>The open opportunities of each account candidate, so that one of them can be chosen at once (C22).</summary>
    private async Task<IReadOnlyDictionary<Guid, IReadOnlyList<OpenOpportunity>>> OpenOpportunities(CheckedPlan checkedPlan, CancellationToken ct)
    {
        var accounts = checkedPlan.Accounts!.Candidates
            .Select(candidate => candidate.RecordType == "account" ? candidate.RecordId : candidate.AccountId)
            .OfType<Guid>().Distinct().Take(MostCandidates);
        var asked = checkedPlan.Plan.Accounts;
        var question = checkedPlan.Plan.Opportunity ?? new CreateOrAttachOpportunity
        {
            ConversionId = asked.ConversionId, LeadId = asked.LeadId, ActingUserId = asked.ActingUserId, OwnerId = asked.OwnerId,
            OpportunityId = Guid.CreateVersion7(), Create = true, AccountId = asked.AccountId, ContactId = asked.ContactId, Name = asked.Account.Name,
        };
        var answers = await Task.WhenAll(accounts.Select(async account =>
            (account, check: await AskOpportunities(question with { AccountId = account, AccountIsNew = false }, ct))));
        return answers.Where(answer => answer.check is not null).ToDictionary(answer => answer.account, answer => answer.check!.OpenOpportunities);
    }

    private Task<OpportunityConversionCheck?> AskOpportunities(CreateOrAttachOpportunity command, CancellationToken ct) =>
        Ask<CreateOrAttachOpportunity, OpportunityConversionCheck>(
            Opportunities, command, status => new OpportunityConversionCheck { Status = status, Reason = NotAllowed(Opportunities) }, ct);

    /// <summary>The participant's verdict; null when it cannot be had now.</summary>
    private async Task<TCheck?> Ask<TCommand, TCheck>(string service, TCommand command, Func<int, TCheck> refused, CancellationToken ct)
        where TCheck : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.Value.CheckTimeout);
        try
        {
            using var client = clients.CreateClient(service);
            using var answer = await client.PostAsJsonAsync($"api/{service}/conversion-checks", command, Json, deadline.Token);
            if (answer.StatusCode == HttpStatusCode.Forbidden) return refused((int)answer.StatusCode);
            if (answer.IsSuccessStatusCode) return await answer.Content.ReadFromJsonAsync<TCheck>(Json, deadline.Token);
            log.LogWarning("{Service} answered a conversion check with {Status}; the saga will ask again", service, (int)answer.StatusCode);
        }
        catch (Exception ex) when (ex is HttpRequestException or JsonException || (ex is OperationCanceledException && !ct.IsCancellationRequested))
        {
            log.LogWarning("{Service} cannot be asked beforehand ({Reason}); the saga will ask", service, ex.Message);
        }
        return null;
    }

    private static string NotAllowed(string service) =>
        $"You may not create or edit the {service} that this conversion touches. Ask an administrator for the permission.";
}

/// <summary>A plan with what the participants say about it.</summary>
internal sealed record CheckedPlan
{
    public required ConversionPlan Plan { get; init; }
    /// <summary>Null: Accounts did not answer.</summary>
    public AccountConversionCheck? Accounts { get; init; }
    /// <summary>Null: not asked, or Opportunities did not answer.</summary>
    public OpportunityConversionCheck? Opportunity { get; init; }
    /// <summary>Per account candidate, its open opportunities.</summary>
    public IReadOnlyDictionary<Guid, IReadOnlyList<OpenOpportunity>> OpenOpportunities { get; init; } = new Dictionary<Guid, IReadOnlyList<OpenOpportunity>>();

    /// <summary>Everybody who takes part has answered.</summary>
    public bool Complete => Accounts is not null && (Plan.Opportunity is null || Opportunity is not null);

    /// <summary>Accounts found records that may be the same and nobody has decided about.</summary>
    public bool NeedsDecision => Accounts is { Status: StatusCodes.Status409Conflict or StatusCodes.Status422UnprocessableEntity } accounts
        && accounts.Candidates.Any(candidate => Plan.Accounts.Decisions.All(decision => decision.RecordId != candidate.RecordId));

    /// <summary>403 when anybody says so.</summary>
    public string? Forbidden =>
        Accounts is { Status: StatusCodes.Status403Forbidden } ? Accounts.Reason
        : Opportunity is { Status: StatusCodes.Status403Forbidden } ? Opportunity.Reason
        : null;
}
