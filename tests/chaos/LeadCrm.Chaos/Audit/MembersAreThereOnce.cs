namespace LeadCrm.Chaos.Audit;

/// <summary>The campaign has each lead that was put into it once, as what it is now, and counts nobody else.</summary>
internal sealed class MembersAreThereOnce : ICheck
{
    public string Claim => "the campaign has every lead that was put into it once, a converted one as its contact, and nobody else";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        var contacts = await evidence.Contacts();
        var captured = (await evidence.System.Read("leads-db", "select l.email, l.id from captured_leads c join leads l on l.id = c.lead_id", row => (Email: row.GetString(0), Lead: row.GetGuid(1)))).ToLookup(c => c.Email, c => c.Lead);
        var members = (await evidence.System.Read("campaigns-db", "select person_id, id from campaign_members where deleted_at is null and campaign_id = $1", row => (Person: row.GetGuid(0), Member: row.GetGuid(1)), evidence.Campaign))
            .ToLookup(member => member.Person, member => member.Member);
        Guid Now(Guid lead) => contacts.GetValueOrDefault(lead, lead);

        var added = evidence.Journal.All(WriteKind.MemberAdded);
        foreach (var member in added) member.Found = members[member.About].Concat(contacts.TryGetValue(member.About, out var contact) ? members[contact] : []).Count();
        List<string> broken = [.. Evidence.Wrong(added)];
        broken.AddRange(added.Where(m => m.Found == 1 && !members.Contains(Now(m.About))).Select(m => $"still the lead although it is converted: {m}"));

        var expected = added.Where(m => m.Found > 0).Select(m => Now(m.About)).ToHashSet();
        foreach (var form in evidence.Journal.All(WriteKind.FormSent).Where(w => !w.IsStuck))
        {
            foreach (var lead in captured[form.Mark])
            {
                expected.Add(Now(lead));
                if (members[Now(lead)].Count() != 1) broken.Add($"{members[Now(lead)].Count()} times in the campaign: {form}");
            }
        }
        broken.AddRange(members.Where(m => !expected.Contains(m.Key)).Select(m => $"member {m.First()} is person {m.Key}, whom nobody added"));
        return broken;
    }
}
