using LeadCrm.Leads.AccountMatches;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Mapping;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>
/// Decides what happens to some leads of a bulk conversion, by the same planner and the same checks as for a single one, with the rights of its user. Leads of one
/// company share one new account: their company's name is the same when case, punctuation and legal form are left out.
/// </summary>
internal sealed class BulkPlanning(
    BulkConversion job, IServiceProvider services, ConversionChecks checks, IDirectory directory, MappingCache mapping, TimeProvider clock)
{
    private readonly LeadsDb db = services.GetRequiredService<LeadsDb>();
    private readonly LeadAccess access = services.GetRequiredService<LeadAccess>();
    private readonly Dictionary<string, Guid> accounts = [];
    private List<LeadStatus> statuses = [];
    private MappingTable table = null!;

    /// <summary>An outcome for each lead, in their order.</summary>
    public async Task<IReadOnlyList<BulkOutcome>> Decide(IReadOnlyList<BulkConversionLead> leads, CancellationToken ct)
    {
        if (!Actor.Current.Has("leads.convert") || !Actor.Current.Has("leads.edit"))
            return [.. leads.Select(lead => BulkOutcome.Failed(lead, new DomainRuleException("forbidden", "Who started this may no longer convert leads.", 403)))];

        statuses = await db.Statuses.AsNoTracking().Where(status => status.Category == LeadStatusCategory.Converted).ToListAsync(ct);
        table = await mapping.Get(db, ct);
        Guid[] ids = [.. leads.Select(lead => lead.LeadId)];
        var found = await access.VisibleDeletedToo.AsNoTracking().Where(lead => ids.Contains(lead.Id))
            .Select(lead => new Found(lead, EF.Property<string?>(lead, AccountMatching.CompanyKey))).ToDictionaryAsync(one => one.Lead.Id, ct);
        await LoadSharedAccounts(found.Values, ct);

        var turns = leads.Select(lead => Begin(lead, found.GetValueOrDefault(lead.LeadId))).ToList();
        await Check(turns);
        // Whose candidates the policy decides about is planned, and asked about, once more.
        var undecided = turns.Where(turn => turn is { Outcome: null, Verdict: { Status: StatusCodes.Status409Conflict, Candidates.Count: > 0 } }).ToList();
        foreach (var turn in undecided) DecideAboutCandidates(turn);
        await Check([.. undecided.Where(turn => turn.Outcome is null)]);
        return [.. turns.Select(Conclude)];
    }

    private Turn Begin(BulkConversionLead lead, Found? found)
    {
        var turn = new Turn(lead, found);
        try
        {
            if (found is null) throw new DomainRuleException("not-found", "There is no such lead, or you may not see it.", 404);
            access.Scope.DemandEdit(found.Lead.OwnerId, found.Lead.QueueId);
            found.Lead.BeginConversion(turn.ConversionId, clock.GetUtcNow());   // says why when it cannot; this copy is never saved
            turn.Request = BulkRequests.Of(job.Plan.Defaults, lead.Request);
            Plan(turn);
        }
        catch (DomainRuleException rule)
        {
            turn.Outcome = BulkOutcome.Failed(lead, rule);
        }
        return turn;
    }

    private void Plan(Turn turn)
    {
        turn.Errors = new FieldErrors();
        var plan = ConversionPlanner.Plan(turn.ConversionId, turn.Found!.Lead, turn.Request!, statuses, directory, Actor.Current, table, turn.Errors);
        turn.Plan = plan is null ? null : WithSharedAccount(plan, turn.Found.CompanyKey);
    }

    private async Task Check(IReadOnlyList<Turn> turns)
    {
        var asking = turns.Where(turn => turn is { Outcome: null, Plan: not null }).ToList();
        var answers = asking.Count == 0 ? [] : await checks.AskAll([.. asking.Select(turn => turn.Plan!)]);
        foreach (var (turn, answer) in asking.Zip(answers)) turn.Answers = answer;
        foreach (var turn in turns.Where(turn => turn.Outcome is null)) turn.Verdict = ConversionVerdict.Of(turn.Errors, turn.Answers);
    }

    private void DecideAboutCandidates(Turn turn)
    {
        if (job.Plan.OnDuplicate.Decide(turn.Verdict!.Candidates) is not { } decisions)
        {
            turn.Outcome = new BulkOutcome(turn.Item, BulkLeadState.Skipped, null, null, ProblemOf(turn.Verdict));
            return;
        }
        // Decisions that were made for this lead stand.
        var made = turn.Request!.DuplicateDecision ?? [];
        turn.Request = turn.Request with
        {
            DuplicateDecision = [.. made, .. decisions.Where(decision => !made.Any(other => other.Type == decision.Type && other.Id == decision.Id))],
        };
        Plan(turn);
    }

    private BulkOutcome Conclude(Turn turn)
    {
        if (turn.Outcome is { } outcome) return outcome;
        if (turn.Verdict!.Status != StatusCodes.Status200OK || turn.Plan is not { } plan) return BulkOutcome.Failed(turn.Item, ProblemOf(turn.Verdict));
        if (job.Plan.DryRun && !turn.Answers!.Complete)
            return BulkOutcome.Failed(turn.Item, new DomainRuleException("not-checked", "Accounts or Opportunities could not be asked, so it is not known. Try again.", 503));
        var state = job.Plan.DryRun ? BulkLeadState.Convertible : BulkLeadState.Converting;
        return new BulkOutcome(turn.Item, state, new ConversionStart(plan, turn.Found!.Lead.Version, turn.Answers!.Complete, null, Actor.Current),
            plan.Accounts.CreateAccount ? turn.Found.CompanyKey : null, null);
    }

    private static BulkLeadProblem ProblemOf(ConversionVerdict verdict) => new()
    {
        Type = verdict is { Status: StatusCodes.Status409Conflict, Candidates.Count: 0 } ? ConversionFailures.ProblemTypes.Conflict : ConversionFailures.ProblemTypes.For(verdict.Status),
        Status = verdict.Status, Detail = verdict.Detail,
        Errors = verdict.Errors.Count > 0 ? verdict.Errors : null, Candidates = verdict.Candidates.Count > 0 ? verdict.Candidates : null,
    };

    /// <summary>The accounts that leads of the same companies are being converted into, or were by this bulk conversion.</summary>
    private async Task LoadSharedAccounts(IEnumerable<Found> found, CancellationToken ct)
    {
        string[] keys = [.. found.Select(one => one.CompanyKey).OfType<string>().Distinct()];
        if (keys.Length == 0 || job.Plan.DryRun) return;
        // For each company a look at an index. Asked for in one list, PostgreSQL would compare each lead of the job with each company: 68 ms for 200.
        var shared = await db.Database.SqlQuery<SharedAccount>($"""
            select key as company_key, account_id
            from unnest({keys}) as key cross join lateral (
                select account_id from bulk_conversion_leads
                where bulk_conversion_id = {job.Id} and company_key = key and account_id is not null   -- a lead that failed has lost it
                order by position limit 1) as first
            """).ToListAsync(ct);
        foreach (var one in shared) accounts.TryAdd(one.CompanyKey, one.AccountId);
    }

    private ConversionPlan WithSharedAccount(ConversionPlan plan, string? companyKey)
    {
        if (!plan.Accounts.CreateAccount || companyKey is null) return plan;
        if (!accounts.TryGetValue(companyKey, out var account)) accounts.Add(companyKey, account = plan.Accounts.AccountId);
        return plan with
        {
            Accounts = plan.Accounts with { AccountId = account },
            Opportunity = plan.Opportunity is null ? null : plan.Opportunity with { AccountId = account },
        };
    }

    private sealed record SharedAccount(string CompanyKey, Guid AccountId);

    private sealed record Found(Lead Lead, string? CompanyKey);

    /// <summary>A lead's turn, as far as it is.</summary>
    private sealed class Turn(BulkConversionLead item, Found? found)
    {
        public BulkConversionLead Item => item;
        public Found? Found => found;
        public Guid ConversionId { get; } = Guid.CreateVersion7();
        public ConversionRequest? Request { get; set; }
        public FieldErrors Errors { get; set; } = new();
        public ConversionPlan? Plan { get; set; }
        public CheckedPlan? Answers { get; set; }
        public ConversionVerdict? Verdict { get; set; }
        public BulkOutcome? Outcome { get; set; }
    }
}
