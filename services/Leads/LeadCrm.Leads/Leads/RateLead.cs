using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.Leads;

/// <summary>Sets score and grade, as whoever computes them does. Raises no version.</summary>
internal static class RateLead
{
    /// <param name="Score">0 to 100.</param>
    /// <param name="Grade">Up to four characters, such as <c>A+</c>.</param>
    internal sealed record Request(int? Score = null, string? Grade = null);

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Request request, LeadsDb db, LeadAccess access, CancellationToken ct)
    {
        var errors = new FieldErrors();
        Check(request.Score, request.Grade, errors);
        errors.ThrowIfAny();
        if (await access.FindForEdit(id, ct) is not { } lead) return Problems.NotFound();
        lead.EnsureEditable(Editing.ByCurrentActor);

        lead.Signals.Rate(request.Score, request.Grade);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    internal static void Check(int? score, string? grade, FieldErrors errors)
    {
        if (score is < 0 or > 100) errors.Add("score", "A score is 0 to 100.");
        if (grade?.Length > 4) errors.Add("grade", "Too long: at most 4 characters are stored.");
    }
}
