using System.Text.Json;
using LeadCrm.Security.Matrix;
using LeadCrm.Security.People;

namespace LeadCrm.Security.Leaks;

/// <summary>
/// Records that somebody owns and that point to one he may not see: an opportunity at a hidden account, a task on a hidden lead. He sees his own
/// record, and of the other nothing but the id that his own holds.
/// </summary>
internal static class Pointers
{
    /// <summary>Made by the administrator, owned by the stranger: kind, id, and for what is below another record that one's id too.</summary>
    public static async Task<IReadOnlyList<(string Kind, IReadOnlyDictionary<string, string> Places)>> Make(ProbedSystem system, Person administrator, Person owner, Planted hidden)
    {
        var ownerId = owner.UserId;
        var made = new List<(string, IReadOnlyDictionary<string, string>)>();
        async Task<string> New(string kind, string service, string path, object body)
        {
            var id = (await administrator.Ask(service, "POST", path, body)).MustSucceed($"{path} that points to a hidden record").Id;
            made.Add((kind, new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = id, ["contactId"] = hidden.Ids["contact"] }));
            return id;
        }
        string Name() => "Points " + Words.New();

        await New("opportunity", "opportunities", "/api/opportunities", new { name = Name(), accountId = hidden.Ids["account"], primaryCampaignId = hidden.Ids["campaign"], amount = 1, currency = "EUR", closeDate = "2027-03-31", ownerId, contactRoles = new[] { new { contactId = hidden.Ids["contact"], role = "decisionMaker" } } });
        await New("contact", "accounts", "/api/contacts", new { lastName = Name(), accountId = hidden.Ids["account"], reportsToId = hidden.Ids["contact"], ownerId });
        await New("account", "accounts", "/api/accounts", new { name = Name(), parentAccountId = hidden.Ids["account"], ownerId });
        await New("lead", "leads", "/api/leads", new { lastName = Name(), company = Name(), campaignId = hidden.Ids["campaign"], ownerId });
        var campaign = await New("campaign", "campaigns", "/api/campaigns", new { name = Name(), type = "Trade show", parentCampaignId = hidden.Ids["campaign"], ownerId });
        await Until.Is("Campaigns knows the lead", async () =>
        {
            var answer = await administrator.Ask("campaigns", "POST", $"/api/campaigns/{campaign}/members", new { leadId = hidden.Ids["lead"] });
            if (answer.Status == 201) made.Add(("member", new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = campaign, ["memberId"] = answer.Id }));
            return answer.Status == 201;
        });
        object Related(string type) => new[] { new { type, id = hidden.Ids[type] } };
        foreach (var type in (string[])["lead", "account", "contact", "opportunity", "campaign"])
            await New("activity", "activities", "/api/activities", new { kind = "task", subject = Name(), dueOn = "2027-03-31", ownerId, related = Related(type) });
        var note = await New("note", "activities", "/api/notes", new { title = Name(), html = "<p>It points.</p>", related = Related("lead") });
        await Records.Give(system, "activities", "update items set owner_id = $1, created_by = $1 where id = any($2)", ownerId, note);

        var lead = (await administrator.Ask("leads", "POST", "/api/leads", new { lastName = Name(), company = Name(), ownerId })).MustSucceed("lead").Id;
        var conversion = (await administrator.Send(Way.Straight, "leads", "POST", $"/api/leads/{lead}/conversions", JsonSerializer.Serialize(new { account = new { mode = "existing", id = hidden.Ids["account"] }, contact = new { mode = "existing", id = hidden.Ids["contact"] } }), prepare: request => request.Headers.Add("Prefer", "wait=30"))).MustSucceed("conversion into a hidden account").Json!;
        made.Add(("lead", new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = lead }));
        made.Add(("conversion", new Dictionary<string, string>(StringComparer.Ordinal) { ["conversionId"] = (string)conversion["conversionId"]! }));
        return made;
    }

    /// <summary>
    /// An answer without what expected.md says is shown of a hidden record: a deal shows the names of its account and its people, a conversion the names of what the
    /// lead became.
    /// </summary>
    public static string WithoutDeclared(Question question, string text, Planted hidden) => question.Service switch
    {
        "opportunities" => text.Replace($"{hidden.Word} Holding", "", StringComparison.Ordinal).Replace($"\"Probe {hidden.Word}\"", "", StringComparison.Ordinal),
        "leads" when question.Address(hidden).Contains("/conversions", StringComparison.Ordinal) => text.Replace($"{hidden.Word} Holding", "", StringComparison.Ordinal).Replace($"\"Probe {hidden.Word}\"", "", StringComparison.Ordinal),
        _ => text,
    };

    /// <summary>What their owner can ask about them, and searches that would find them by what is hidden.</summary>
    public static IReadOnlyList<Question> Questions(Catalogue catalogue, Person owner, IReadOnlyList<(string Kind, IReadOnlyDictionary<string, string> Places)> made)
    {
        var all = new List<Question>();
        foreach (var operation in catalogue.Operations.Where(o => o.Method == "GET" && !o.Line.IsInternal && !o.Line.IsPublic && !o.Line.IsCookie && o.Service is not ("identity" or "gateway") && o.Line.Permissions.All(owner.Permissions.Contains)))
        {
            if (operation.Line.Record is { } kind)
                all.AddRange(made.Where(m => m.Kind == kind).Select(m => new Question("own record that points to it", Way.Straight, operation.Service, "GET", _ => operation.Address(m.Places))));
            else if (operation.IsList && !operation.HasPlaces)
                foreach (var more in (string[])["", "&format=csv"])
                    all.Add(new Question("lists with it", Way.Straight, operation.Service, "GET", _ => $"{operation.Path}?limit=200{more}"));
            else if (!operation.HasPlaces && !operation.Path.EndsWith("/search", StringComparison.Ordinal))
                all.Add(new Question("lists with it", Way.Straight, operation.Service, "GET", _ => operation.Path));
        }
        foreach (var (kind, places) in made.Where(m => m.Kind is "lead" or "account" or "contact" or "opportunity" or "campaign"))
            all.Add(new Question("lists with it", Way.Straight, "activities", "GET", _ => $"/api/activities/timeline?recordType={kind}&recordId={places["id"]}"));
        return all;
    }
}
