using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using LeadCrm.ServiceDefaults.RecordAccess;
using LeadCrm.ServiceDefaults.Tests.Messaging;
using LeadCrm.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.RecordAccess;

public sealed class RecordAccessTests
{
    private const string Columns = "record_type, record_id, owner_id, queue_id, name, version, is_deleted";

    [Fact]
    public async Task Ten_thousand_events_shuffled_and_a_third_of_them_twice_end_where_events_in_order_end()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground);
        var events = Lives(records: 1_250, versions: 8);
        events.Length.ShouldBe(10_000);

        foreach (var chunk in events.OrderBy(row => row.Version).Chunk(500)) await Apply(service, chunk);
        var inOrder = await Snapshot(service);
        await service.Execute("truncate platform.record_access");

        var random = new Random(20261122);
        var shuffled = events.Concat(events.Where(_ => random.Next(100) < 30)).OrderBy(_ => random.Next()).ToArray();
        await Parallel.ForEachAsync(Chunks(shuffled, random), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (chunk, _) => await Apply(service, chunk));

        (await Snapshot(service)).ShouldBe(inOrder);
        inOrder.Count.ShouldBe(1_250);
        inOrder.ShouldContain(row => row.EndsWith("|True", StringComparison.Ordinal), "tombstones stay");
    }

    [Fact]
    public async Task Thrown_away_and_rebuilt_while_events_go_on_arriving_it_equals_the_one_before()
    {
        var owner = new Owner(Lives(records: 3_000, versions: 1));
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await Start(ground, owner);
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.record_access") == 3_000);

        using var stop = new CancellationTokenSource();
        var events = Task.Run(async () =>
        {
            // The owner goes on: records change, come and go to the recycle bin, each said by an event some time later.
            var random = new Random(7);
            while (!stop.IsCancellationRequested) await Apply(service, [.. Enumerable.Range(0, 20).Select(_ => owner.Change(random))]);
        });
        owner.OnPage = async () => await Eventually.Is(() => owner.Changes > owner.ChangesAtLastPage + 100);
        await service.Execute("truncate platform.record_access");
        await service.Execute("insert into platform.record_access values ('lead', gen_random_uuid(), null, null, 'Nobody', 99, false, now() - interval '1 hour')");

        var asked = await service.Operator().PostAsync("/api/test/read-models/record-access/rebuild", null);
        asked.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.Is(async () => await service.Scalar<bool>("select finished_at > requested_at from platform.read_models where name = 'record-access:lead'"));
        await stop.CancelAsync();
        await events;

        owner.Changes.ShouldBeGreaterThan(200, "events arrived meanwhile");
        (await Snapshot(service)).ShouldBe(owner.Snapshot());
    }

    [Fact]
    public async Task A_pass_drops_what_the_owner_does_not_have_and_repairs_what_is_wrong_at_the_same_version()
    {
        var owner = new Owner(Lives(records: 10, versions: 1));
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await Start(ground, owner);
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.record_access") == 10);
        await service.Execute("update platform.record_access set owner_id = gen_random_uuid(), version = version + (case when name like '%1' then 5 else 0 end), seen_at = now() - interval '1 day'");
        await service.Execute("insert into platform.record_access values ('lead', gen_random_uuid(), null, null, 'Gone', 3, false, now() - interval '1 day')");

        await service.Operator().PostAsync("/api/test/read-models/record-access/rebuild", null);

        await Eventually.Is(async () => (await Snapshot(service)).SequenceEqual(owner.Snapshot()));
    }

    [Fact]
    public async Task An_empty_table_fills_as_soon_as_the_owner_answers_and_only_operators_ask_for_a_rebuild()
    {
        var owner = new Owner(Lives(records: 5, versions: 1)) { IsAway = true };
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await Start(ground, owner);
        await Eventually.Is(() => owner.Refused > 0);

        (await service.Operator("leads.read").PostAsync("/api/test/read-models/record-access/rebuild", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await service.Operator().PostAsync("/api/test/read-models/nothing/rebuild", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        owner.IsAway = false;

        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.record_access") == 5);
        await Eventually.Is(async () => (await service.Operator().GetStringAsync("/api/test/read-models")).Contains("\"rows\":5", StringComparison.Ordinal));
    }

    private static Task<TestService> Start(Ground ground, Owner owner) => TestService.Start(
        ground,
        settings: new() { ["services:leads:http:0"] = "http://leads", ["LEADCRM_INTERNAL_KEY"] = "secret", ["RecordAccess:PageSize"] = "500", ["RecordAccess:WhileAway"] = "00:00:00.1" },
        services: services => services.AddHttpClient("record-access-leads").ConfigurePrimaryHttpMessageHandler(() => owner),
        build: builder => builder.AddRecordAccess("lead"));

    /// <summary>States of records from their first version to their last, every seventh one ending in the recycle bin.</summary>
    private static RecordAccessRow[] Lives(int records, int versions) =>
    [
        .. Enumerable.Range(0, records).SelectMany(record =>
        {
            var id = Guid.CreateVersion7();
            return Enumerable.Range(1, versions).Select(version => new RecordAccessRow
            {
                RecordType = "lead", RecordId = id, Name = $"Lead {record}", Version = version, IsDeleted = version == versions && record % 7 == 0,
                OwnerId = version % 3 == 0 ? null : Guid.CreateVersion7(), QueueId = version % 3 == 0 ? Guid.CreateVersion7() : null,
            });
        }),
    ];

    private static IEnumerable<RecordAccessRow[]> Chunks(RecordAccessRow[] rows, Random random)
    {
        for (var at = 0; at < rows.Length;)
        {
            var size = random.Next(1, 200);
            yield return rows[at..Math.Min(rows.Length, at + size)];
            at += size;
        }
    }

    private static async Task Apply(TestService service, RecordAccessRow[] rows)
    {
        await using var connection = await service.Database.OpenConnectionAsync();
        await RecordAccessStore.Apply(connection, rows);
    }

    private static async Task<List<string>> Snapshot(TestService service)
    {
        await using var command = service.Database.CreateCommand($"select {Columns} from platform.record_access order by record_id");
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column))));
        return rows;
    }

    /// <summary>A service that owns leads and answers its feed.</summary>
    private sealed class Owner(RecordAccessRow[] rows) : HttpMessageHandler
    {
        private readonly ConcurrentDictionary<Guid, RecordAccessRow> records = new(rows.ToDictionary(row => row.RecordId));
        private readonly Lock writing = new();

        public volatile bool IsAway;
        public int Refused;
        public int Changes;
        public int ChangesAtLastPage;
        public Func<Task>? OnPage { get; set; }

        /// <summary>Changes a record or makes one, and returns the event about it.</summary>
        public RecordAccessRow Change(Random random)
        {
            lock (writing)
            {
                Interlocked.Increment(ref Changes);
                if (random.Next(10) == 0)
                {
                    var made = Lives(1, 1)[0];
                    return records[made.RecordId] = made;
                }
                var before = records.Values.ElementAt(random.Next(records.Count));
                return records[before.RecordId] = before with { Version = before.Version + 1, OwnerId = Guid.CreateVersion7(), QueueId = null, IsDeleted = random.Next(4) == 0 };
            }
        }

        public List<string> Snapshot() =>
            [.. Ordered().Select(row => string.Join('|', row.RecordType, row.RecordId, row.OwnerId, row.QueueId, row.Name, row.Version, row.IsDeleted))];

        /// <summary>By id as PostgreSQL orders it: byte by byte.</summary>
        private IEnumerable<RecordAccessRow> Ordered() => records.Values.OrderBy(row => row.RecordId.ToString(), StringComparer.Ordinal);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (IsAway)
            {
                Interlocked.Increment(ref Refused);
                throw new HttpRequestException("away");
            }
            if (request.RequestUri!.AbsolutePath == "/internal/access/queues") return Json(new { queues = Array.Empty<object>(), next = (string?)null });
            var query = System.Web.HttpUtility.ParseQueryString(request.RequestUri.Query);
            var (after, limit) = (query["after"] ?? "", int.Parse(query["limit"]!));
            var page = Ordered().Where(row => string.CompareOrdinal(row.RecordId.ToString(), after) > 0).Take(limit).ToArray();
            if (OnPage is { } wait) await wait();
            ChangesAtLastPage = Changes;
            return Json(new { records = page, next = page.Length < limit ? null : page[^1].RecordId.ToString() });
        }

        private static HttpResponseMessage Json(object body) => new(HttpStatusCode.OK) { Content = JsonContent.Create(body) };
    }
}
