using LeadCrm.Leads.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Opportunities.ConversionUndo;

/// <summary>Step 0 of an undo: the verdict that the step would give now; with <c>only=permission</c> just whether the caller may. Writes nothing.</summary>
internal static class CheckConversionUndo
{
    internal static async Task<Ok<ConversionUndoCheck>> Handle(ConversionUndoBegun undo, UndoProbe probe, CancellationToken ct, string? only = null) =>
        TypedResults.Ok(await probe.Ask(undo, only == "permission", bySaga: false, ct));
}
