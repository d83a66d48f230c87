namespace LeadCrm.Chaos.Audit;

/// <summary>Every logged call is there once, on its lead, and on what the lead became when it was converted.</summary>
internal sealed class CallsAreThereOnce : ICheck
{
    public string Claim => "every logged call is there once, on its lead and on the contact that the lead became";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        var contacts = await evidence.Contacts();
        var items = (await evidence.System.Read("activities-db", "select id, subject from items where kind = 'Call'", row => (Id: row.GetGuid(0), Subject: row.GetString(1)))).ToLookup(item => item.Subject, item => item.Id);
        var links = (await evidence.System.Read("activities-db", "select item_id, record_id from item_links where record_type in ('lead', 'contact')", row => (Item: row.GetGuid(0), Record: row.GetGuid(1))))
            .ToLookup(link => link.Item, link => link.Record);

        var calls = evidence.Journal.All(WriteKind.CallLogged);
        foreach (var call in calls) call.Found = items[call.Mark].Count();
        List<string> broken = [.. Evidence.Wrong(calls)];
        foreach (var call in calls.Where(call => call.Found == 1))
        {
            HashSet<Guid> expected = contacts.TryGetValue(call.About, out var contact) ? [call.About, contact] : [call.About];
            var found = links[items[call.Mark].Single()].ToHashSet();
            if (!found.SetEquals(expected)) broken.Add($"hangs on {string.Join(", ", found)} instead of {string.Join(", ", expected)}: {call}");
        }
        return broken;
    }
}
