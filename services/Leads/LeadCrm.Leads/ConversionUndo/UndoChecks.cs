using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Conversion;
using Microsoft.Extensions.Options;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>
/// Step 0: asks all participants, in parallel and with the acting user's own token, what stands in the way. First only whether the user may,
/// everywhere; only then is anything looked for, so that nobody learns here of records that are not theirs. Who does not answer in time is
/// asked by the saga, whose participants check all of it once more.
/// </summary>
internal sealed class UndoChecks(IHttpClientFactory clients, IOptions<ConversionOptions> options, ILogger<UndoChecks> log)
{
    // Contracts only grow: members that are not known here yet are none of our business.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>By participant that could be asked, what it says.</summary>
    public async Task<IReadOnlyDictionary<string, ConversionUndoCheck>> Ask(ConversionUndoBegun undo, CancellationToken ct)
    {
        var may = await AskAll(undo, "?only=permission", ct);
        return may.Values.Any(answer => answer.Status == StatusCodes.Status403Forbidden) ? may : await AskAll(undo, "", ct);
    }

    private async Task<Dictionary<string, ConversionUndoCheck>> AskAll(ConversionUndoBegun undo, string query, CancellationToken ct)
    {
        var answers = await Task.WhenAll(UndoParticipants.All.Select(async service => (service, check: await Ask(service, undo, query, ct))));
        return answers.Where(answer => answer.check is not null).ToDictionary(answer => answer.service, answer => answer.check!);
    }

    /// <summary>The participant's verdict; null when it cannot be had now.</summary>
    private async Task<ConversionUndoCheck?> Ask(string service, ConversionUndoBegun undo, string query, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.Value.CheckTimeout);
        try
        {
            using var client = clients.CreateClient(service);
            using var answer = await client.PostAsJsonAsync($"api/{service}/conversion-undo-checks{query}", undo, Json, deadline.Token);
            if (answer.StatusCode == HttpStatusCode.Forbidden)
                return new ConversionUndoCheck { Status = StatusCodes.Status403Forbidden, Reason = $"You may not undo what this conversion did in {service}. Ask an administrator for the permission." };
            if (answer.IsSuccessStatusCode) return await answer.Content.ReadFromJsonAsync<ConversionUndoCheck>(Json, deadline.Token);
            log.LogWarning("{Service} answered the check of an undo with {Status}; the saga will ask again", service, (int)answer.StatusCode);
        }
        catch (Exception ex) when (ex is HttpRequestException or JsonException || (ex is OperationCanceledException && !ct.IsCancellationRequested))
        {
            log.LogWarning("{Service} cannot be asked beforehand ({Reason}); the saga will ask", service, ex.Message);
        }
        return null;
    }
}
