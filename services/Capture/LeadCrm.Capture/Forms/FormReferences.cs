using System.Net;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Capture.Forms;

/// <summary>
/// Checks what a form points to: its owner in the directory, its queue and campaign at their owners, as the acting user. What was fine when it
/// was written and stays as it is, is not asked again. The public's requests never come here.
/// </summary>
internal sealed class FormReferences(IDirectory directory, IHttpClientFactory clients)
{
    /// <summary>Notes what is wrong with the references of an edit; <paramref name="before"/> is null for a new form.</summary>
    public async Task Check(FormInput input, FormInput? before, FieldErrors errors, CancellationToken ct)
    {
        if (input.OwnerId is { } owner && owner != before?.OwnerId && directory.FindUser(owner) is not { IsActive: true }) errors.Add("ownerId", "The owner must be an active user.");
        if (input.QueueId is { } queue && queue != before?.QueueId)
        {
            using var found = await Ask("leads", $"/api/leads/queues/{queue}", ct);
            if (found is null) errors.Add("queueId", "There is no such queue.");
        }
        if (input.CampaignId is { } campaign && (campaign != before?.CampaignId || input.MemberStatusId != before.MemberStatusId)) await CheckCampaign(campaign, input.MemberStatusId, errors, ct);
    }

    private async Task CheckCampaign(Guid campaign, Guid? memberStatus, FieldErrors errors, CancellationToken ct)
    {
        using var found = await Ask("campaigns", $"/api/campaigns/{campaign}", ct);
        if (found is null) errors.Add("campaignId", "There is no such campaign, or you may not see it.");
        else if (memberStatus is { } status && found.RootElement.GetProperty("memberStatuses").EnumerateArray().All(s => s.GetProperty("id").GetGuid() != status))
            errors.Add("memberStatusId", "The campaign has no such status.");
    }

    private async Task<JsonDocument?> Ask(string service, string address, CancellationToken ct)
    {
        try
        {
            using var response = await clients.CreateClient(service).GetAsync(new Uri(address, UriKind.Relative), ct);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(ct), cancellationToken: ct),
                HttpStatusCode.NotFound or HttpStatusCode.Forbidden => null,
                _ => throw Unavailable(service),
            };
        }
        catch (HttpRequestException)
        {
            throw Unavailable(service);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Unavailable(service);   // the client's own time-out
        }
    }

    private static DomainRuleException Unavailable(string service) =>
        new("unavailable", $"The {service} service does not answer at the moment, so the form was not saved. Try again in a few seconds.", 503);
}
