using System.Net;
using System.Net.Sockets;
using LeadCrm.ServiceDefaults.Idempotency;
using LeadCrm.ServiceDefaults.Tests.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Persistence;

public sealed class LostConnectionTests
{
    [Fact]
    public async Task What_follows_a_connection_that_broke_unnoticed_is_not_committed_without_the_key_of_its_request()
    {
        var ct = TestContext.Current.CancellationToken;
        var tries = 0;
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground, map: app => app.MapPost("/effects", async (TestDb db, CancellationToken stop) =>
        {
            if (Interlocked.Increment(ref tries) == 1)
            {
                try
                {
                    await db.Database.ExecuteSqlAsync($"select pg_terminate_backend(pg_backend_pid())", stop);
                }
                catch (NpgsqlException)
                {
                    // As the driver keeps it to itself at the end of an answer.
                }
            }
            db.Effects.Add(new Effect { Id = Guid.CreateVersion7(), Note = "once" });
            await db.SaveChangesAsync(stop);
        }).AllowAnonymous().WithIdempotency<RouteHandlerBuilder, TestDb>());

        for (var repeat = 0; repeat < 2; repeat++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/effects") { Headers = { { "Idempotency-Key", "one" } } };
            using var answer = await service.Client.SendAsync(request, ct);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);   // the first one was carried out again on another connection
        }

        (await service.Scalar<long>("select count(*) from effects")).ShouldBe(1);
    }

    [Fact]
    public async Task A_transaction_that_is_given_up_without_a_word_keeps_nobody_from_going_on()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground);
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TestDb>();

        await using (await db.Database.BeginTransactionAsync(ct)) db.Effects.Add(new Effect { Id = Guid.CreateVersion7(), Note = "later" });
        await db.SaveChangesAsync(ct);

        (await db.Effects.CountAsync(ct)).ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_to_another_service_that_breaks_while_it_is_made_is_one_that_failed()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground, services: services => services.AddHttpClient("other").ConfigurePrimaryHttpMessageHandler(() => new Breaking()));
        using var client = service.Services.GetRequiredService<IHttpClientFactory>().CreateClient("other");

        (await Should.ThrowAsync<HttpRequestException>(() => client.GetStringAsync(new Uri("http://127.0.0.1:9/"), TestContext.Current.CancellationToken)))
            .InnerException.ShouldBeOfType<SocketException>();
    }

    /// <summary>What .NET's own handler does when the peer resets between the connection and the question who the peer is.</summary>
    private sealed class Breaking : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new SocketException((int)SocketError.NotConnected);
    }
}
