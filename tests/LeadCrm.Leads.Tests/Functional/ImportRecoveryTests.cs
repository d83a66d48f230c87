using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Imports that are stopped in the middle: by a user, and by a kill -9 of the service.</summary>
public sealed class ImportRecoveryTests(SmallChunksApp app) : IClassFixture<SmallChunksApp>
{
    private const int Rows = 2_500;
    private readonly string company = $"Acme {Guid.NewGuid():N}";

    [Fact]
    public async Task IM10_after_a_kill_an_import_goes_on_and_no_lead_is_lost_or_doubled()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(LeadsChanged));
        var upload = (await app.As(TestUser.Admin).Upload(File())).ShouldBe(HttpStatusCode.Created);
        await app.Stop();
        long before;
        using (var replica = await OtherReplica.Start(app))
        {
            (await replica.Client.Post($"/api/leads/imports/{upload.Id}/start")).ShouldBe(HttpStatusCode.Accepted);
            await Eventually.Is(async () => await Read(upload.Id) > 0, "the import is under way", TimeSpan.FromSeconds(60));
            replica.Kill();
            before = await Read(upload.Id);
        }
        before.ShouldBeLessThan(Rows, "the import was over before the kill");
        (await Count("leads where company = $1")).ShouldBe(before);

        await app.Start();
        var done = await app.As(TestUser.Admin).Finished(upload.Id, TimeSpan.FromMinutes(3));

        done.ShouldSatisfyAllConditions(d => d["state"].ShouldBe("completed"), d => d["rowsCreated"].ShouldBe($"{Rows}"), d => d["rowsFailed"].ShouldBe("0"));
        (await Count("leads where company = $1")).ShouldBe(Rows);
        (await Count("(select distinct last_name from leads where company = $1) as names")).ShouldBe(Rows);
        (await Count("lead_signals join leads on id = lead_id where company = $1")).ShouldBe(Rows);
        (await Count("lead_status_log log join leads on leads.id = lead_id where company = $1")).ShouldBe(Rows);
        (await Count("platform.field_history history join leads on leads.id = record_id where company = $1")).ShouldBe(Rows);
        await Eventually.Is(
            () => Task.FromResult(bus.All<LeadsChanged>().SelectMany(m => m.Leads).Where(l => l.Company == company).Select(l => l.LeadId).Distinct().Count() == Rows),
            "every lead is announced", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task IM10_a_cancelled_import_keeps_what_it_says_it_has_created()
    {
        var admin = app.As(TestUser.Admin);
        var upload = (await admin.Upload(File())).ShouldBe(HttpStatusCode.Created);
        (await admin.Post($"/api/leads/imports/{upload.Id}/start")).ShouldBe(HttpStatusCode.Accepted);
        await Eventually.Is(async () => await Read(upload.Id) > 0, "the import is under way", TimeSpan.FromSeconds(60));

        (await admin.Post($"/api/leads/imports/{upload.Id}/cancel")).ShouldBe(HttpStatusCode.Accepted);
        var done = await admin.Finished(upload.Id);

        done["state"].ShouldBe("cancelled");
        var created = long.Parse(done["rowsCreated"]!, System.Globalization.CultureInfo.InvariantCulture);
        created.ShouldBeLessThan(Rows);
        (await Count("leads where company = $1")).ShouldBe(created);
    }

    private string File() => "Last name,Company\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"Doe {i},{company}\n"));

    private Task<long> Read(string import) => app.Database.Scalar<long>("select rows_read from imports where id = $1", Guid.Parse(import));

    private Task<long> Count(string what) => app.Database.Scalar<long>($"select count(*) from {what}", company);

    /// <summary>The service as a process of its own, which can be killed as the kernel kills.</summary>
    private sealed class OtherReplica : IDisposable
    {
        private readonly Process process;

        private OtherReplica(Process process, Uri address)
        {
            this.process = process;
            Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
            Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestUser.Admin.Token);
        }

        internal HttpClient Client { get; }

        internal static async Task<OtherReplica> Start(LeadsApp app)
        {
            var address = $"http://127.0.0.1:{FreePort()}";
            var start = new ProcessStartInfo("dotnet", ["exec", typeof(Program).Assembly.Location])
            {
                WorkingDirectory = AppContext.BaseDirectory,
                Environment =
                {
                    ["ASPNETCORE_URLS"] = address, ["ConnectionStrings__leads-db"] = app.Database.ConnectionString, ["ConnectionStrings__rabbitmq"] = app.Broker,
                    ["LEADCRM_INTERNAL_KEY"] = "internal-key-of-the-tests-0123456789", ["LEADCRM_DATA_KEY"] = Convert.ToBase64String(new byte[32]),
                    ["Leads__ImportChunk"] = "10", ["Leads__ImportLease"] = "00:00:03", ["Logging__LogLevel__Default"] = "Warning",
                },
            };
            var replica = new OtherReplica(Process.Start(start)!, new Uri(address));
            await Eventually.Is(replica.IsReady, "the other replica is ready", TimeSpan.FromSeconds(120));
            return replica;
        }

        internal void Kill()
        {
            process.Kill();
            process.WaitForExit();
        }

        public void Dispose()
        {
            if (!process.HasExited) Kill();
            process.Dispose();
            Client.Dispose();
        }

        private async Task<bool> IsReady()
        {
            try
            {
                using var answer = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}

/// <summary>A Leads service whose imports commit every few rows, so that there is a middle to be stopped in.</summary>
public sealed class SmallChunksApp : LeadsApp
{
    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        base.ConfigureHost(builder);
        builder.UseSetting("Leads:ImportChunk", "10");
    }
}
