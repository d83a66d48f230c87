using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Health;

/// <summary>A process that is asked to stop while clients are at it, over real connections.</summary>
public sealed class DepartureTests
{
    [Fact]
    public async Task Nobody_who_sends_while_a_process_leaves_is_cut_off()
    {
        await using var app = await Start(longest: TimeSpan.FromSeconds(10));
        var url = new Uri(new Uri(app.Urls.Single()), "/write");
        var began = new CountdownEvent(16);
        var clients = Enumerable.Range(0, 16).Select(_ => Task.Run(() => WriteUntilToldToGo(url, began))).ToArray();
        began.Wait(TestContext.Current.CancellationToken);

        await app.StopAsync(TestContext.Current.CancellationToken);

        // What has a body is not sent again by .NET's client when its connection closes: it would throw here.
        (await Task.WhenAll(clients)).ShouldAllBe(answers => answers > 0);
    }

    [Fact]
    public async Task One_that_leaves_answers_what_comes_and_says_that_it_wants_nothing_new()
    {
        await using var app = await Start(longest: TimeSpan.FromSeconds(10));
        using var client = Client(new Uri(app.Urls.Single()));
        using var enough = new CancellationTokenSource();
        var others = Task.Run(() => KeepWriting(new Uri(app.Urls.Single()), enough.Token), TestContext.Current.CancellationToken);   // or it would be gone before a slow client has asked twice
        var stopping = Task.Run(() => app.StopAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        await Eventually.Is(async () =>
        {
            using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            return ready.StatusCode == HttpStatusCode.ServiceUnavailable && (await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains("The process stops.", StringComparison.Ordinal);
        }, "its health says no");
        using var answer = await client.PostAsJsonAsync(new Uri("/write", UriKind.Relative), new { }, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.ConnectionClose.ShouldBe(true);
        await enough.CancelAsync();
        await others;
        await stopping;
    }

    [Fact]
    public async Task One_whom_nobody_asks_anything_does_not_wait_for_long()
    {
        await using var app = await Start(longest: TimeSpan.FromSeconds(15));
        var clock = Stopwatch.StartNew();

        await app.StopAsync(TestContext.Current.CancellationToken);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(12));
    }

    /// <summary>How many answers there were until one said that it is the last one on its connection.</summary>
    private static async Task<int> WriteUntilToldToGo(Uri url, CountdownEvent began)
    {
        using var client = Client(url);
        for (var answers = 1; ; answers++)
        {
            using var answer = await client.PostAsJsonAsync(url, new { answers }, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
            if (answers == 1) began.Signal();
            if (answer.Headers.ConnectionClose == true) return answers;
            await Task.Delay(Random.Shared.Next(3), TestContext.Current.CancellationToken);   // mostly idle, as connections are
        }
    }

    private static async Task KeepWriting(Uri url, CancellationToken enough)
    {
        using var client = Client(url);
        while (!enough.IsCancellationRequested)
        {
            using var answer = await client.PostAsJsonAsync(new Uri("/write", UriKind.Relative), new { }, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<WebApplication> Start(TimeSpan longest)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Departure:Longest"] = longest.ToString("c") });
        builder.AddProcessDefaults("departure");
        var app = builder.Build();
        app.UseDeparture();
        app.MapHealth();
        app.MapPost("/write", () => Results.Ok());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>A client with one connection, which it keeps.</summary>
    private static HttpClient Client(Uri url) => new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1 }) { BaseAddress = url };
}
