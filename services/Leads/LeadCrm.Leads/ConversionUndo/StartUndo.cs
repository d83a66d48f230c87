using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>
/// Begins to undo a completed conversion (C35): checks everything that can be checked without writing, then locks the lead, stores the saga
/// and asks all participants, all in one transaction. With <c>dryRun</c> it ends before that transaction.
/// </summary>
internal sealed class StartUndo(
    LeadsDb db, LeadAccess access, IPublishEndpoint publish, UndoChecks checks, FollowedUndos followed, IOptions<ConversionOptions> options, TimeProvider clock)
{
    private const int Attempts = 5;

    internal sealed record Request
    {
        /// <summary>True: answer what would happen, change nothing.</summary>
        public bool DryRun { get; init; }
    }

    internal static Task<Results<Ok<UndoResponse>, Accepted<UndoResponse>, Ok<UndoPreview>, ProblemHttpResult>> Handle(
        Guid conversionId, Request request, HttpContext http, StartUndo start) =>
        start.Run(conversionId, request, http, http.RequestAborted);

    private async Task<Results<Ok<UndoResponse>, Accepted<UndoResponse>, Ok<UndoPreview>, ProblemHttpResult>> Run(
        Guid conversionId, Request request, HttpContext http, CancellationToken ct)
    {
        var key = request.DryRun ? null : await IdempotencyStore.ReadKey(http);
        for (var attempt = 1; ; attempt++)
        {
            var conversion = await db.Set<ConversionState>().AsNoTracking().SingleOrDefaultAsync(c => c.CorrelationId == conversionId, ct);
            var lead = conversion is null ? null : await access.VisibleDeletedToo.SingleOrDefaultAsync(lead => lead.Id == conversion.LeadId, ct);
            if (conversion is null || lead is null) return Problems.NotFound("There is no such conversion, or you may not see its lead.");
            access.Scope.DemandEdit(lead.OwnerId, lead.QueueId);
            if (key is not null && await Repeated(key, ct) is { } before) return await Answer(before, http, ct);
            if (!conversion.CanBeUndone)
                return Problems.Conflict(UndoProblems.NotCompleted, "Only a completed conversion can be undone, and this one is not.", new Dictionary<string, object?> { ["conversionId"] = conversionId });

            var undoId = Guid.CreateVersion7();
            var now = clock.GetUtcNow();
            var until = (lead.ConvertedAt ?? conversion.FinishedAt!.Value) + options.Value.UndoWindow;
            lead.BeginUndo(conversionId, undoId, now);   // saved at the end, or never
            if (now > until)
                return Problems.Conflict(UndoProblems.WindowPassed, $"This conversion could be undone until {until:yyyy-MM-dd HH:mm} UTC.", new Dictionary<string, object?> { ["until"] = until });

            var begun = Begun(conversion, undoId);
            var answers = await checks.Ask(begun, ct);
            var verdict = UndoVerdict.Of(begun, answers);
            if (request.DryRun) return TypedResults.Ok(UndoPreview.Of(begun, verdict, [.. answers.Keys], until));
            if (verdict.ToProblem() is { } problem) return problem;

            using var listener = followed.Listen(undoId);   // before the commit: nothing that follows can be missed
            try
            {
                var (id, undo) = await Begin(begun, key, ct);
                return undo is null ? await Answer(id, http, ct) : await Answer(undo, listener, http, ct);
            }
            catch (DbUpdateException rival) when (attempt < Attempts && IsRival(rival))
            {
                // Somebody else changed the lead or began to undo meanwhile: what holds now decides.
                db.ChangeTracker.Clear();
            }
        }
    }

    private static bool IsRival(DbUpdateException failed) =>
        failed is DbUpdateConcurrencyException || failed.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    private static ConversionUndoBegun Begun(ConversionState conversion, Guid undoId) => new()
    {
        UndoId = undoId,
        ConversionId = conversion.CorrelationId,
        LeadId = conversion.LeadId,
        ActingUserId = Actor.Current.UserId,
        AccountId = conversion.Accounts!.AccountId,
        AccountCreated = conversion.Accounts.AccountCreated,
        ContactId = conversion.Accounts.ContactId,
        ContactCreated = conversion.Accounts.ContactCreated,
        OpportunityId = conversion.Opportunity?.OpportunityId,
        OpportunityCreated = conversion.Opportunity?.Created ?? false,
    };

    /// <summary>Lead, saga, key and question in one commit; or the id of the undo that the key began when it was used first.</summary>
    private async Task<(Guid Id, UndoResponse? Undo)> Begin(ConversionUndoBegun begun, IdempotencyKey? key, CancellationToken ct)
    {
        using var acting = Actor.Use(Actor.Current.For(begun.UndoId));
        await using var transaction = key is null ? null : await db.Database.BeginTransactionAsync(ct);
        if (key is not null && await IdempotencyStore.Claim(db, key, ct, begun.UndoId) is { } first) return (first.OperationId!.Value, null);

        var undo = UndoState.Begin(begun, options.Value, clock.GetUtcNow());
        db.Add(undo);
        await publish.Tell(begun.UndoId, begun, ct);
        await db.SaveChangesAsync(ct);
        if (transaction is not null) await transaction.CommitAsync(ct);
        return (begun.UndoId, UndoResponse.Of(undo));
    }

    /// <summary>The undo that the key began when it was used first; null when it was not used before.</summary>
    private async Task<Guid?> Repeated(IdempotencyKey key, CancellationToken ct)
    {
        await using var neverCommitted = await db.Database.BeginTransactionAsync(ct);
        return (await IdempotencyStore.Claim(db, key, ct))?.OperationId;
    }

    private async Task<Results<Ok<UndoResponse>, Accepted<UndoResponse>, Ok<UndoPreview>, ProblemHttpResult>> Answer(Guid undoId, HttpContext http, CancellationToken ct)
    {
        using var listener = followed.Listen(undoId);
        return await Answer((await followed.Find(undoId, ct))!, listener, http, ct);
    }

    private async Task<Results<Ok<UndoResponse>, Accepted<UndoResponse>, Ok<UndoPreview>, ProblemHttpResult>> Answer(
        UndoResponse undo, ConversionNews.Listener listener, HttpContext http, CancellationToken ct)
    {
        if (StartConversion.PreferredWait(http, options.Value.LongestWait) is { } wait)
        {
            http.Response.Headers["Preference-Applied"] = $"wait={wait.TotalSeconds:0}";
            undo = await followed.UntilOver(undo, listener, wait, ct);
        }

        var location = $"/api/leads/conversion-undos/{undo.UndoId}";
        if (!undo.IsOver) return TypedResults.Accepted(location, undo);
        http.Response.Headers.Location = location;
        return TypedResults.Ok(undo);
    }
}
