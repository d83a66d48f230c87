using System.Net;
using System.Text.Json;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.RecordAccess;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Activities.Records;

/// <summary>Asks a record's own service for it, as the acting user, when no event has told of it yet.</summary>
internal sealed class RecordsClient(IHttpClientFactory clients, ActivitiesDb db)
{
    /// <summary>
    /// True when the record is there and the user may see it; it is then known here, too. A provisional one is a 409; while its service does
    /// not answer, a 503.
    /// </summary>
    internal async Task<bool> Learn(RecordRef record, CancellationToken ct)
    {
        var (service, path) = record.Type switch
        {
            RecordTypes.Lead => ("leads", "leads"),
            RecordTypes.Account => ("accounts", "accounts"),
            RecordTypes.Contact => ("accounts", "contacts"),
            RecordTypes.Opportunity => ("opportunities", "opportunities"),
            _ => ("campaigns", "campaigns"),
        };
        try
        {
            using var response = await clients.CreateClient(service).GetAsync(new Uri($"/api/{path}/{record.Id}", UriKind.Relative), ct);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden) return false;
            if (response.StatusCode != HttpStatusCode.OK) throw Unavailable(record);
            var (row, provisional) = Read(record, await response.Content.ReadAsStringAsync(ct));
            if (provisional)
                throw new DomainRuleException("provisional", $"This {record.Type} belongs to a conversion that is still running. Try again when it is through.");
            await db.Database.OpenConnectionAsync(ct);
            await RecordAccessStore.Apply((NpgsqlConnection)db.Database.GetDbConnection(), [row], ct);
            return true;
        }
        catch (Exception ex) when (ex is HttpRequestException or JsonException || (ex is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw Unavailable(record);
        }
    }

    // Only what is needed is read: the owner may add to its answer at any time.
    private static (RecordAccessRow Row, bool Provisional) Read(RecordRef record, string body)
    {
        using var document = JsonDocument.Parse(body);
        var answer = document.RootElement;
        string? Text(string name) => answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        Guid? Id(string name) => Guid.TryParse(Text(name), out var id) ? id : null;
        var row = new RecordAccessRow
        {
            RecordType = record.Type,
            RecordId = record.Id,
            OwnerId = Id("ownerId"),
            QueueId = Id("queueId"),
            Name = Text("name") ?? string.Join(' ', new[] { Text("firstName"), Text("lastName") }.Where(part => !string.IsNullOrEmpty(part))),
            Version = answer.TryGetProperty("version", out var version) && version.TryGetInt64(out var number) ? number : 0,
        };
        return (row, answer.TryGetProperty("provisional", out var provisional) && provisional.ValueKind == JsonValueKind.True);
    }

    private static DomainRuleException Unavailable(RecordRef record) =>
        new("record-unavailable", $"Whether this {record.Type} exists cannot be found out at the moment. Nothing was changed; try again in a few seconds.", 503);
}
