using System.Net.ServerSentEvents;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>Shows the undo of a conversion, and follows it.</summary>
internal static class ReadUndos
{
    /// <summary>An undo: how far it is, and what came of it.</summary>
    internal static async Task<Results<Ok<UndoResponse>, ProblemHttpResult>> One(Guid undoId, FollowedUndos followed, LeadAccess access, CancellationToken ct) =>
        await followed.Find(undoId, ct) is { } undo && await access.Sees(undo.LeadId, ct) ? TypedResults.Ok(undo) : Problems.NotFound();

    /// <summary>An undo now and after each change, as server-sent events, until it is over.</summary>
    internal static async Task<Results<ServerSentEventsResult<UndoResponse>, ProblemHttpResult>> Progress(
        Guid undoId, FollowedUndos followed, LeadAccess access, CancellationToken ct)
    {
        if (await followed.Find(undoId, ct) is not { } undo || !await access.Sees(undo.LeadId, ct)) return Problems.NotFound();
        return TypedResults.ServerSentEvents(Events(followed.Changes(undoId, ct)));
    }

    private static async IAsyncEnumerable<SseItem<UndoResponse>> Events(IAsyncEnumerable<UndoResponse> changes)
    {
        await foreach (var change in changes)
            yield return new SseItem<UndoResponse>(change, "undo") { EventId = change.State.ToString() };
    }
}
