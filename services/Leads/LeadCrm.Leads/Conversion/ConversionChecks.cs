using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// Step 0: asks Accounts and Opportunities, in parallel and with the acting user's own token, what their steps would run into. Nothing is
/// written. Who does not answer in time is asked again by the saga, whose steps check everything once more.
/// </summary>
internal sealed class ConversionChecks
{
    private readonly IHttpClientFactory clients;
    private readonly IOptions<ConversionOptions> options;
    private readonly ILogger<ConversionChecks> log;
    private readonly Together<Question, CheckedPlan> together;

    public ConversionChecks(IHttpClientFactory clients, ConversionCrowd crowd, IOptions<ConversionOptions> options, ILogger<ConversionChecks> log)
    {
        (this.clients, this.options, this.log) = (clients, options, log);
        // What asks together goes together from then on.
        together = new(questions =>
        {
            crowd.Go([.. questions.Select(question => question.Guest)]);
            return AskAll(questions);
        }, new TogetherOptions { AtOnce = 1, Turn = crowd.Turn });
    }

    public const string Accounts = "accounts";
    public const string Opportunities = "opportunities";
    private const int MostCandidates = 10;

    // Contracts only grow: members that are not known here yet are none of our business.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>What both say about the plan, asked together with whatever else is to be asked now.</summary>
    public async Task<CheckedPlan> Ask(ConversionPlan plan, ConversionCrowd.Guest guest, CancellationToken ct)
    {
        guest.Asks();
        return await WithOpenOpportunities(await together.Do(new(plan, guest, Actor.Current)).WaitAsync(ct));
    }

    /// <summary>What both say about plans of the current actor, asked in one call each.</summary>
    public async Task<IReadOnlyList<CheckedPlan>> AskAll(IReadOnlyList<ConversionPlan> plans)
    {
        var asked = AskAccounts([.. plans.Select(plan => plan.Accounts)]);
        if (plans.Any(plan => plan.Opportunity is { } deal && IsNamedAfterItsAccount(deal))) await asked;
        var wanted = new List<CreateOrAttachOpportunity>();
        foreach (var (i, plan) in plans.Index())
        {
            if (plan.Opportunity is not { } deal) continue;
            if (!IsNamedAfterItsAccount(deal)) wanted.Add(deal);
            else if ((await asked)[i]?.AccountName is { } name) wanted.Add(deal with { AccountName = name });
        }
        var answered = wanted.Count == 0 ? [] : await AskOpportunities(wanted);
        var checks = await asked;
        var byConversion = wanted.Zip(answered).ToDictionary(pair => pair.First.ConversionId, pair => pair.Second);
        return [.. plans.Select((plan, i) => new CheckedPlan { Plan = plan, Accounts = checks[i], Opportunity = byConversion.GetValueOrDefault(plan.ConversionId) })];
    }

    /// <summary>Named after an existing account, whose name only Accounts knows: it is asked first.</summary>
    private static bool IsNamedAfterItsAccount(CreateOrAttachOpportunity opportunity) => opportunity is { Create: true, Name: null, AccountName: null };

    private async Task<CheckedPlan> WithOpenOpportunities(CheckedPlan checkedPlan) =>
        checkedPlan.NeedsDecision ? checkedPlan with { OpenOpportunities = await OpenOpportunities(checkedPlan) } : checkedPlan;

    /// <summary>The open opportunities of each account candidate, so that one of them can be chosen at once (C22).</summary>
    private async Task<IReadOnlyDictionary<Guid, IReadOnlyList<OpenOpportunity>>> OpenOpportunities(CheckedPlan checkedPlan)
    {
        Guid[] candidates = [.. checkedPlan.Accounts!.Candidates
            .Select(candidate => candidate.RecordType == "account" ? candidate.RecordId : candidate.AccountId)
            .OfType<Guid>().Distinct().Take(MostCandidates)];
        var asked = checkedPlan.Plan.Accounts;
        var question = checkedPlan.Plan.Opportunity ?? new CreateOrAttachOpportunity
        {
            ConversionId = asked.ConversionId, LeadId = asked.LeadId, ActingUserId = asked.ActingUserId, OwnerId = asked.OwnerId,
            OpportunityId = Guid.CreateVersion7(), Create = true, AccountId = asked.AccountId, ContactId = asked.ContactId, Name = asked.Account.Name,
        };
        var answers = await AskOpportunities([.. candidates.Select(account => question with { AccountId = account, AccountIsNew = false })]);
        return candidates.Zip(answers).Where(answer => answer.Second is not null).ToDictionary(answer => answer.First, answer => answer.Second!.OpenOpportunities);
    }

    /// <summary>Each user is answered with their own rights, hence asked for in a call of their own.</summary>
    private async Task<IReadOnlyList<CheckedPlan>> AskAll(IReadOnlyList<Question> questions)
    {
        var answers = new CheckedPlan[questions.Count];
        await Task.WhenAll(Enumerable.Range(0, questions.Count).GroupBy(i => questions[i].Actor.Token).Select(async same =>
        {
            using var acting = Actor.Use(questions[same.First()].Actor);
            foreach (var (i, check) in same.Zip(await AskAll([.. same.Select(i => questions[i].Plan)]))) answers[i] = check;
        }));
        return answers;
    }

    private Task<IReadOnlyList<AccountConversionCheck?>> AskAccounts(IReadOnlyList<CreateAccountAndContact> commands) => Ask(
        Accounts, commands, new CreateAccountsAndContacts { Items = commands }, (AccountConversionChecks checks) => checks.Items,
        status => new AccountConversionCheck { Status = status, Reason = NotAllowed(Accounts) });

    private Task<IReadOnlyList<OpportunityConversionCheck?>> AskOpportunities(IReadOnlyList<CreateOrAttachOpportunity> commands) => Ask(
        Opportunities, commands, new CreateOrAttachOpportunities { Items = commands }, (OpportunityConversionChecks checks) => checks.Items,
        status => new OpportunityConversionCheck { Status = status, Reason = NotAllowed(Opportunities) });

    /// <summary>The participant's verdicts; null when they cannot be had now.</summary>
    private async Task<IReadOnlyList<TCheck?>> Ask<TCommand, TCommands, TCheck, TChecks>(
        string service, IReadOnlyList<TCommand> commands, TCommands all, Func<TChecks, IReadOnlyList<TCheck>> items, Func<int, TCheck> refused)
        where TCheck : class
    {
        // Many take longer than one: a tenth of the time for each further ten.
        using var deadline = new CancellationTokenSource(options.Value.CheckTimeout * (1 + commands.Count / 100.0));
        try
        {
            using var client = clients.CreateClient(service);
            // What no request stands behind goes by the internal key, and is answered with the rights of each command's user.
            var (path, alone) = Actor.Current.Token is null ? ($"internal/{service}/conversion-checks", false)
                : commands.Count == 1 ? ($"api/{service}/conversion-checks", true)
                : ($"api/{service}/conversion-checks/bulk", false);
            using var answer = alone
                ? await client.PostAsJsonAsync(path, commands[0], Json, deadline.Token)
                : await client.PostAsJsonAsync(path, all, Json, deadline.Token);
            if (answer.StatusCode == HttpStatusCode.Forbidden) return [.. commands.Select(_ => refused((int)answer.StatusCode))];
            if (answer.IsSuccessStatusCode && alone) return [await answer.Content.ReadFromJsonAsync<TCheck>(Json, deadline.Token)];
            if (answer.IsSuccessStatusCode) return items((await answer.Content.ReadFromJsonAsync<TChecks>(Json, deadline.Token))!);
            log.LogWarning("{Service} answered conversion checks with {Status}; the saga will ask again", service, (int)answer.StatusCode);
        }
        catch (Exception ex) when (ex is HttpRequestException or JsonException or OperationCanceledException)
        {
            log.LogWarning("{Service} cannot be asked beforehand ({Reason}); the saga will ask", service, ex.Message);
        }
        return new TCheck?[commands.Count];
    }

    private sealed record Question(ConversionPlan Plan, ConversionCrowd.Guest Guest, Actor Actor);

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
