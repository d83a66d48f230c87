using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace LeadCrm.ServiceDefaults.Bulk;

/// <summary>What a line asks for.</summary>
public enum BulkOp
{
    /// <summary>A new record.</summary>
    Create,
    /// <summary>A merge patch of a record.</summary>
    Update,
    /// <summary>A merge patch of the record with this external id, or a new record with it.</summary>
    Upsert,
    /// <summary>To the recycle bin.</summary>
    Delete,
    /// <summary>Back from it.</summary>
    Restore,
    /// <summary>To another owner.</summary>
    Transfer,
}

/// <summary>One line of a bulk request.</summary>
public sealed record BulkLine
{
    /// <summary>What to do.</summary>
    public required BulkOp Op { get; init; }
    /// <summary>The record; or its external id.</summary>
    public Guid? Id { get; init; }
    /// <summary>The record's key in another system; given to the record by create and upsert.</summary>
    public string? ExternalId { get; init; }
    /// <summary>The version that the caller has read: required to update and to delete.</summary>
    public long? Version { get; init; }
    /// <summary>The fields: all of them for a new record, those that change for an update, the new owner for a transfer.</summary>
    public JsonObject? Record { get; init; }

    internal static BulkLine Parse(ReadOnlySpan<byte> json)
    {
        var line = JsonSerializer.Deserialize<BulkLine>(json, Json.Options) ?? throw new JsonException("A line is a JSON object.");
        line.Check();
        return line;
    }

    private void Check()
    {
        var errors = new FieldErrors();
        if (ExternalId is { } key && (string.IsNullOrWhiteSpace(key) || key.Length > ExternalIds.Longest)) errors.Add("externalId", ExternalIds.Rule);
        if (Op == BulkOp.Create && Id is not null) errors.Add("id", "A new record gets its id here; give it an externalId to find it by.");
        if (Op == BulkOp.Upsert && ExternalId is null) errors.Add("externalId", "An upsert finds its record by externalId.");
        if (Op is not (BulkOp.Create or BulkOp.Upsert) && Id is null == ExternalId is null) errors.Add("id", "Name the record either by id or by externalId.");
        if (Op is not (BulkOp.Delete or BulkOp.Restore) && Record is null) errors.Add("record", "The fields are missing.");
        errors.ThrowIfAny();
        if (Op is BulkOp.Update or BulkOp.Delete && Version is null)
            throw new DomainRuleException("version-required", "Send the version that you read, so that nobody's change is lost.", 428);
    }
}

/// <summary>What became of a line.</summary>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Status">What the same request would have been answered with on its own.</param>
/// <param name="Id">The record.</param>
/// <param name="Version">Its version now.</param>
/// <param name="Problem">What was wrong; the other lines are not affected.</param>
public sealed record BulkResult(int Line, int Status, Guid? Id, long? Version, ProblemDetails? Problem);

/// <summary>Keys of records in other systems.</summary>
public static class ExternalIds
{
    /// <summary>Most characters.</summary>
    public const int Longest = 255;

    internal const string Rule = "An external id has 1 to 255 characters.";

    /// <summary>The refusal of a key that another record has.</summary>
    public static DomainRuleException Taken(string externalId) =>
        new("external-id-taken", $"Another record has the external id “{externalId}”. It may be in the recycle bin.");
}
