using System.Net;
using System.Net.Http.Json;

namespace LeadCrm.Identity.Tests.Functional;

[Collection(typeof(SharedInstallation))]
public sealed class SessionListTests(IdentityApp app)
{
    private const string Password = IdentityApp.SamplePassword;

    [Fact]
    public async Task A_user_sees_where_it_is_signed_in()
    {
        var user = await app.NewUser();
        using (await app.TrySignIn(user.Email, Password, "Firefox on a laptop", "192.0.2.7")) { }
        var here = await app.SignIn(user.Email, Password);

        var items = (await here.Client.Read("/api/users/me/sessions")).Body.GetProperty("items").EnumerateArray().ToList();

        items.Count.ShouldBe(2);
        items.Single(item => item.GetProperty("isCurrent").GetBoolean()).GetProperty("id").GetGuid().ShouldBe(here.SessionId);
        var laptop = items.Single(item => !item.GetProperty("isCurrent").GetBoolean());
        laptop.GetProperty("userAgent").GetString().ShouldBe("Firefox on a laptop");
        laptop.GetProperty("address").GetString().ShouldBe("192.0.2.7");
        laptop.GetProperty("createdAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        laptop.GetProperty("lastSeenAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_user_ends_one_session_and_the_others_go_on()
    {
        var user = await app.NewUser();
        var (here, there, third) = (await app.SignIn(user.Email, Password), await app.SignIn(user.Email, Password), await app.SignIn(user.Email, Password));

        using var ended = await here.Client.DeleteAsync($"/api/users/me/sessions/{there.SessionId}");

        ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Lives(there)).ShouldBeFalse();
        (await Lives(here)).ShouldBeTrue();
        (await Lives(third)).ShouldBeTrue();
        (await Revoked()).ShouldContain(there.SessionId);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_all_others_and_on_demand_this_one()
    {
        var user = await app.NewUser();
        var (here, there, third) = (await app.SignIn(user.Email, Password), await app.SignIn(user.Email, Password), await app.SignIn(user.Email, Password));

        using (var others = await here.Client.DeleteAsync("/api/users/me/sessions")) others.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Lives(there)).ShouldBeFalse();
        (await Lives(third)).ShouldBeFalse();
        (await Lives(here)).ShouldBeTrue();

        using (var all = await here.Client.DeleteAsync("/api/users/me/sessions?current=true")) all.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Lives(here)).ShouldBeFalse();
        var revoked = await Revoked();
        foreach (var session in new[] { here, there, third }) revoked.ShouldContain(session.SessionId);
    }

    [Fact]
    public async Task Nobody_ends_somebody_elses_session()
    {
        var mine = await app.SignIn((await app.NewUser()).Email, Password);
        var theirs = await app.SignIn((await app.NewUser()).Email, Password);

        using var answer = await mine.Client.DeleteAsync($"/api/users/me/sessions/{theirs.SessionId}");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var managers = await mine.Client.DeleteAsync($"/api/users/{theirs.UserId}/sessions");
        managers.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Lives(theirs)).ShouldBeTrue();
    }

    [Fact]
    public async Task An_administrator_sees_and_ends_the_sessions_of_others()
    {
        var user = await app.NewUser();
        var (one, other) = (await app.SignIn(user.Email, Password), await app.SignIn(user.Email, Password));
        (await app.Admin.Read($"/api/users/{user.Id}/sessions")).Body.GetProperty("items").GetArrayLength().ShouldBe(2);

        using (var ended = await app.Admin.DeleteAsync($"/api/users/{user.Id}/sessions/{one.SessionId}")) ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Lives(one)).ShouldBeFalse();
        (await Lives(other)).ShouldBeTrue();
        using (var all = await app.Admin.DeleteAsync($"/api/users/{user.Id}/sessions")) all.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await Lives(other)).ShouldBeFalse();
        (await app.Admin.Read($"/api/users/{user.Id}/sessions")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_was_ended_is_told_once_more_for_ten_seconds_and_not_for_ever()
    {
        var session = await app.SignIn((await app.NewUser()).Email, Password);
        using (await session.Client.DeleteAsync("/api/users/me/sessions?current=true")) { }
        using var gateway = app.Internal();

        var now = (await gateway.Read("/internal/revocations")).Body.GetProperty("asOf").GetDateTimeOffset();
        (await Since(now)).ShouldContain(session.SessionId);
        (await Since(now.AddHours(1))).ShouldContain(session.SessionId, "an answer that a clock gave which was an hour ahead hides nothing");
        await app.Database.Execute("update revocations set at = at - interval '30 seconds' where session_id = $1", session.SessionId);
        (await Since(now)).ShouldNotContain(session.SessionId);

        async Task<Guid[]> Since(DateTimeOffset since) =>
            [.. (await gateway.Read($"/internal/revocations?since={Uri.EscapeDataString(since.ToString("O"))}")).Body.GetProperty("sessions").EnumerateArray().Select(id => id.GetGuid())];
    }

    private async Task<bool> Lives(SignedIn session)
    {
        using var renewed = await app.Renew(session.SessionId);
        return renewed.StatusCode == HttpStatusCode.OK;
    }

    private async Task<Guid[]> Revoked()
    {
        using var gateway = app.Internal();
        return [.. (await gateway.Read("/internal/revocations")).Body.GetProperty("sessions").EnumerateArray().Select(id => id.GetGuid())];
    }
}
