using System.Net;
using System.Security.Cryptography;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>The service with a recycle bin that keeps things for 60 days and is looked through all the time.</summary>
public sealed class HurriedActivitiesApp : ActivitiesApp
{
    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        base.ConfigureHost(builder);
        builder.UseSetting("RecycleBin:PurgeEvery", "00:00:00.200");
        builder.UseSetting("RecycleBin:KeepFor", "60.00:00:00");
    }
}

public sealed class RecycleBinTests(HurriedActivitiesApp app) : IClassFixture<HurriedActivitiesApp>
{
    [Fact]
    public async Task PM7_what_was_deleted_as_long_ago_as_is_kept_is_gone_for_good_and_the_contents_of_files_with_it()
    {
        var lead = await app.Lead();
        var (old, recent) = (await app.OpenTask(lead, "Old"), await app.OpenTask(lead, "Recent"));
        var content = RandomNumberGenerator.GetBytes(1_000);
        var file = (await app.Rep.Upload("/api/files", content, "old.bin")).ShouldBe(HttpStatusCode.Created);
        foreach (var task in new[] { old, recent }) (await app.Rep.Delete($"/api/activities/{task.Id}", task.ETag)).ShouldBe(HttpStatusCode.NoContent);
        (await app.Rep.Delete($"/api/files/{file.Id}", file.ETag)).ShouldBe(HttpStatusCode.NoContent);

        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        await app.Database.Execute("update file_contents set last_used_at = now() - interval '2 days' where hash = $1", hash);
        await app.Database.Execute("update items set deleted_at = now() - interval '59 days' where id = $1", recent.Id);
        await app.Database.Execute("update items set deleted_at = now() - interval '61 days' where id = any ($1)", new[] { old.Id, file.Id });

        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from items where id = any ($1)", new[] { old.Id, file.Id }) == 0, "the task and the file are gone");
        await Eventually.Is(() => Task.FromResult(Directory.GetFiles(app.FilesFolder, hash, SearchOption.AllDirectories).Length == 0), "the content is gone");
        (await app.Rep.Post($"/api/activities/{recent.Id}/restore")).ShouldBe(HttpStatusCode.OK);
    }
}
