using System.Net;
using LeadCrm.ServiceDefaults.Tests.Messaging;
using Microsoft.AspNetCore.Builder;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Persistence;

/// <summary>A database that lacks space, as PostgreSQL says it (class 53); a full disk of its own is what tests/chaos/run --full-disk has.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_write_for_which_there_is_no_space_is_answered_with_503_that_says_when_to_come_again()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground, map: app => app.MapPost("/effects", async (TestDb db, CancellationToken ct) =>
        {
            db.Effects.Add(new Effect { Id = Guid.CreateVersion7(), Note = "no space" });
            await db.SaveChangesAsync(ct);
        }).AllowAnonymous());
        await service.Execute("""
            create function fill_up() returns trigger language plpgsql as $$ begin raise exception 'could not extend file "base/1/2": No space left on device' using errcode = '53100'; end $$;
            create trigger fill_up before insert on effects for each row execute function fill_up()
            """);

        using var answer = await service.Client.PostAsync(new Uri("/effects", UriKind.Relative), null, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("urn:leadcrm:unavailable");
    }

    [Fact]
    public async Task A_file_for_which_there_is_no_space_is_refused_with_503_as_well()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground, map: app => app.MapPost("/files", () =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.WriteByte(1);
        }).AllowAnonymous());

        using var answer = await service.Client.PostAsync(new Uri("/files", UriKind.Relative), null, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Health_says_degraded_while_the_database_has_no_space_for_what_it_would_write()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground, settings: new() { ["ConnectionStrings:test-db"] = ground.Database + ";Options=-c temp_file_limit=0" });

        using var answer = await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);   // it reads as ever
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("cannot take writes");
    }

    [Fact]
    public async Task Health_says_healthy_while_there_is_space()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground);

        using var answer = await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);

        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"space\":{\"status\":\"healthy\"");
    }
}
