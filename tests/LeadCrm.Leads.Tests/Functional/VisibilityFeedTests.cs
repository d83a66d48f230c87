using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>What the gateway is told about what users may see, before it tells them what changed (PM2, PM5).</summary>
public sealed class VisibilityFeedTests(CompanyApp app) : IClassFixture<CompanyApp>
{
    [Fact]
    public async Task PM5_the_gateway_learns_whose_records_a_user_may_see_and_of_which_queues()
    {
        var nora = await Of(app.Nora);
        nora.Body!["kinds"]!["lead"]!["everything"]!.GetValue<bool>().ShouldBeFalse();
        Ids(nora, "ownerIds").ShouldBe([app.Nora.Id]);
        Ids(await Of(app.Mia), "ownerIds").Order().ShouldBe(new[] { app.Mia.Id, app.Nora.Id, app.Sofia.Id }.Order());
        Ids(await Of(app.Quentin), "queueIds").ShouldBe([app.Queue]);
        var auditor = (await Of(app.Auditor)).Body!["kinds"]!["lead"]!;
        (auditor["everything"]!.GetValue<bool>(), auditor["ownerIds"]!.AsArray().Count).ShouldBe((true, 0));
    }

    [Fact]
    public async Task PM5_a_kind_that_a_user_may_not_read_is_not_named_and_nobody_unknown_sees_anything()
    {
        var blind = TestUser.With("accounts.read");
        await app.Know(blind);

        (await Of(blind)).Body!["kinds"]!.AsObject().Select(kind => kind.Key).ShouldBe(["account"]);
        (await Of(TestUser.With("leads.read"))).Body!["kinds"]!.AsObject().ShouldBeEmpty();
        (await app.As(TestUser.Admin).Get($"/internal/visibility?userId={app.Nora.Id}")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<Answer> Of(TestUser user) => (await app.Internal().Get($"/internal/visibility?userId={user.Id}")).ShouldBe(HttpStatusCode.OK);

    private static Guid[] Ids(Answer answer, string name) => [.. answer.Body!["kinds"]!["lead"]![name]!.AsArray().Select(id => id!.GetValue<Guid>())];
}
