using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Activities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Functional;

/// <summary>When accounts and contacts were last touched and what comes next on them, as Activities tells (AV8).</summary>
public class LastTouchTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private static readonly DateTimeOffset Touched = new(2031, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task AV8_accounts_and_contacts_are_filtered_and_sorted_by_last_touch_and_next_activity()
    {
        var rep = app.Rep;
        var mark = Guid.NewGuid().ToString("N")[..8];
        var account = await rep.NewAccount(new { name = $"Touched {mark}" });
        await rep.NewAccount(new { name = $"Untouched {mark}" });
        using var created = await rep.PostAsJsonAsync("/api/contacts", new { lastName = $"Touched {mark}", accountId = account.Id });
        var contact = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();

        await app.Bus.Publish(State("account", account.Id, 5, Touched));
        await app.Bus.Publish(new RecordActivitiesChanged { Records = [State("account", account.Id, 4, Touched.AddDays(9)), State("contact", contact, 6, Touched), State("contact", Guid.CreateVersion7(), 7, Touched)] });
        await Eventually.Is(async () => (await Find("contacts", "lastTouchAt[gte]=2031-01-02")).Length == 1);
        await Eventually.Is(async () => (await Find("accounts", "lastTouchAt[gte]=2031-01-02")).Length == 1);

        (await Find("accounts", "lastTouchAt[lt]=2031-01-03"))[0].GetProperty("id").GetGuid().ShouldBe(account.Id);
        (await Find("accounts", "nextActivityAt[gte]=2031-01-09&sort=nextActivityAt"))[0].GetProperty("nextActivityAt").GetDateTimeOffset().ShouldBe(Touched.AddDays(7));
        (await Find("accounts", "lastTouchAt=")).ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe($"Untouched {mark}");
        (await rep.Account(account.Id)).Version.ShouldBe(account.Version);

        async Task<JsonElement[]> Find(string records, string query) =>
            [.. (await rep.GetFromJsonAsync<JsonElement>($"/api/{records}?{(records == "accounts" ? "name" : "lastName")}[contains]={mark}&{query}")).GetProperty("items").EnumerateArray()];
    }

    private static RecordActivityChanged State(string type, Guid id, long version, DateTimeOffset touched) =>
        new() { RecordType = type, RecordId = id, Version = version, LastTouchAt = touched, NextActivityAt = touched.AddDays(7) };
}
