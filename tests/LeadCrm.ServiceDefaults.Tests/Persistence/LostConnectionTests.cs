using System.Net;
using System.Net.Sockets;
using LeadCrm.ServiceDefaults.Idempotency;
using LeadCrm.ServiceDefaults.Tests.Messaging;
using LeadCrm.Testing;
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
    public async Task A_connection_that_broke_unnoticed_after_the_last_write_is_a_lost_one_to_the_key_of_the_request()
    {
        var ct = TestContext.Current.CancellationToken;
        var tries = 0;
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground, map: app => app.MapPost("/effects", async (TestDb db, CancellationToken stop) =>
        {
            db.Effects.Add(new Effect { Id = Guid.CreateVersion7(), Note = "once" });
            await db.SaveChangesAsync(stop);
            if (Interlocked.Increment(ref tries) > 1) return;
            try
            {
                await db.Database.ExecuteSqlAsync($"select pg_terminate_backend(pg_backend_pid())", stop);
            }
            catch (NpgsqlException)
            {
                // As the driver keeps it to itself at the end of an answer.
            }
        }).AllowAnonymous().WithIdempotency<RouteHandlerBuilder, TestDb>());

        using var request = new HttpRequestMessage(HttpMethod.Post, "/effects") { Headers = { { "Idempotency-Key", "one" } } };
        using var answer = await service.Client.SendAsync(request, ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);   // carried out again on another connection
        (await service.Scalar<long>("select count(*) from effects")).ShouldBe(1);
    }

    [Theory, InlineData("statement"), InlineData("row")]
    public async Task What_was_written_outside_a_transaction_is_not_written_again_when_the_connection_is_lost_after_it(string what)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground, map: app => app.MapPost("/effects", async (TestDb db, CancellationToken stop) =>
        {
            // Its own connection, kept, and lost alone: where the service's others are lost, too, the first of them to be missed empties the pool, and what follows gets a new one.
            await db.Database.OpenConnectionAsync(stop);
            var backend = ((NpgsqlConnection)db.Database.GetDbConnection()).ProcessID;
            if (what == "row")
            {
                db.Effects.Add(new Effect { Id = Guid.CreateVersion7(), Note = "once" });
                await db.SaveChangesAsync(stop);
            }
            else await db.Database.ExecuteSqlAsync($"insert into effects (id, note) values ({Guid.CreateVersion7()}, 'once')", stop);
            await ground.TerminateConnection(backend);
            await db.Effects.CountAsync(stop);
        }).AllowAnonymous());

        using var answer = await service.Client.PostAsync(new Uri("/effects", UriKind.Relative), null, ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await service.Scalar<long>("select count(*) from effects")).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_written_outside_a_transaction_is_not_written_again_when_nobody_heard_whether_it_was()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var ground = await Ground.Create(brokerAway: true, databaseThroughCable: true);
        await using var service = await TestService.Start(ground, map: app => app.MapPost("/effects", async (TestDb db, CancellationToken stop) =>
            await db.Database.ExecuteSqlAsync($"with slow as materialized (select pg_sleep(1)) insert into effects (id, note) select {Guid.CreateVersion7()}, 'once' from slow", stop))
            .AllowAnonymous());

        const string atIt = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query like 'with slow%'";
        var asked = service.Client.PostAsync(new Uri("/effects", UriKind.Relative), null, ct);
        await Eventually.Is(async () => await service.Try(atIt) == 1, "the statement is carried out");
        ground.DatabaseCable!.Cut();
        ground.DatabaseCable.Mend();

        using var answer = await asked;
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await Eventually.Is(async () => await service.Try(atIt) == 0, "the server is through with what it was told");
        await Eventually.Is(async () => await service.Try("select count(*) from effects") == 1, "it was done once");
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

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task A_connection_that_breaks_while_it_is_made_spoils_no_later_use_of_the_pool(int afterWords)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var ground = await Ground.Create(brokerAway: true, databaseThroughCable: true);
        await using var service = await TestService.Start(ground);

        for (var round = 0; round < 12; round++)
        {
            // What the pool has is lost and it connects anew, beside others who do: one, two, up to six of those connections break in the middle.
            ground.DatabaseCable!.BreakNext(connections: 1 + round % 6, afterWords);
            ground.DatabaseCable.Cut();
            ground.DatabaseCable.Mend();
            for (var time = 0; time < 10; time++)
            {
                try
                {
                    // In a transaction: its first statement is what such a connection fails at.
                    await using var connection = await service.Database.OpenConnectionAsync(ct);
                    await using var transaction = await connection.BeginTransactionAsync(ct);
                    await using var command = new NpgsqlCommand("select 1", connection, transaction);
                    await command.ExecuteScalarAsync(ct);
                    await transaction.CommitAsync(ct);
                }
                catch (NpgsqlException lost) when (lost.IsTransient)
                {
                    // A connection that was found to be dead, or reset before it was there.
                }
            }
        }
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
