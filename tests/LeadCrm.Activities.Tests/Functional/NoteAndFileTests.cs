using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>Notes and files (AV5).</summary>
[Collection(nameof(OneApp))]
public sealed class NoteAndFileTests(ActivitiesApp app)
{
    private static readonly byte[] Picture = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC");

    private static byte[] Unique(int size)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);
        bytes[0] = 0;
        return bytes;
    }

    [Fact]
    public async Task AV5_a_note_is_sanitised_rich_text_with_a_title_from_its_words()
    {
        var lead = await app.Lead();

        var note = (await app.Rep.Post("/api/notes", new { html = "<p onclick=\"x()\">Budget is <b>fixed</b><img src=x onerror=alert(1)></p>", related = new[] { new { type = "lead", id = lead } } })).ShouldBe(HttpStatusCode.Created);

        note["html"].GetString().ShouldBe("<p>Budget is <b>fixed</b></p>");
        note["title"].GetString().ShouldBe("Budget is fixed");
        note["isPrivate"].GetBoolean().ShouldBeFalse();
        (await app.Other.Get($"/api/notes/{note.Id}")).ShouldBe(HttpStatusCode.OK);
        (await app.Rep.Get($"/api/notes?recordType=lead&recordId={lead}&q=fixed")).Items.Strings("preview").ShouldBe(["Budget is fixed"]);
        var changed = (await app.Rep.Patch($"/api/notes/{note.Id}", new { html = "Now <i>open</i>" }, note.ETag)).ShouldBe(HttpStatusCode.OK);
        changed["html"].GetString().ShouldBe("Now <i>open</i>");
        (await app.Rep.Get($"/api/notes/{note.Id}/history")).Items.Strings("kind").ShouldBe(["updated", "created"]);
    }

    [Fact]
    public async Task AV5_an_empty_note_is_refused() =>
        (await app.Rep.Post("/api/notes", new { html = "<script>1</script>" })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["html"]);

    [Fact]
    public async Task AV5_a_file_comes_back_as_it_was_as_an_attachment_that_no_browser_guesses_about()
    {
        var content = Unique(300_000);

        var file = (await app.Rep.Upload($"/api/files?recordType=lead&recordId={await app.Lead()}", content, "Angebot für Kim.bin")).ShouldBe(HttpStatusCode.Created);
        var download = (await app.Rep.Get($"/api/files/{file.Id}/content")).ShouldBe(HttpStatusCode.OK);

        file["name"].GetString().ShouldBe("Angebot für Kim.bin");
        file["size"].GetInt64().ShouldBe(300_000);
        file["sha256"].GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(content)));
        download.Bytes.ShouldBe(content);
        download.Content.ContentDisposition!.DispositionType.ShouldBe("attachment");
        download.Content.ContentDisposition.FileNameStar.ShouldBe("Angebot für Kim.bin");
        download.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        download.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
    }

    [Fact]
    public async Task AV5_a_file_is_typed_by_its_bytes_and_what_could_run_is_served_as_plain_bytes()
    {
        var picture = (await app.Rep.Upload("/api/files", Picture, "harmless.txt")).ShouldBe(HttpStatusCode.Created);
        var page = (await app.Rep.Upload("/api/files", "<html><script>alert(1)</script>"u8.ToArray(), "picture.png")).ShouldBe(HttpStatusCode.Created);

        picture["mediaType"].GetString().ShouldBe("image/png");
        page["mediaType"].GetString().ShouldBe("text/html");
        (await app.Rep.Get($"/api/files/{picture.Id}/content")).Content.ContentType!.MediaType.ShouldBe("image/png");
        (await app.Rep.Get($"/api/files/{page.Id}/content")).Content.ContentType!.MediaType.ShouldBe("application/octet-stream");
    }

    [Fact]
    public async Task AV5_a_content_is_stored_once_however_often_it_is_uploaded()
    {
        var content = Unique(10_000);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));

        var uploads = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => app.Rep.Upload("/api/files", content, $"copy {i}.bin")));

        uploads.ShouldAllBe(u => u.Status == HttpStatusCode.Created);
        Directory.GetFiles(app.FilesFolder, hash, SearchOption.AllDirectories).Length.ShouldBe(1);
        Directory.GetFiles(Path.Combine(app.FilesFolder, "incoming")).ShouldNotContain(path => new FileInfo(path).Length == content.Length);
        (await app.Database.Scalar<long>("select count(*) from file_contents where hash = $1", hash)).ShouldBe(1);
    }

    [Fact]
    public async Task AV5_25_MB_are_taken_and_streamed_and_more_is_refused()
    {
        const int largest = 25 * 1024 * 1024;
        var content = Unique(largest);
        await app.Rep.Upload("/api/files", Unique(100), "warm.bin");

        var began = Stopwatch.GetTimestamp();
        using var body = new StreamContent(new MemoryStream(content)) { Headers = { { "Content-Type", "application/octet-stream" } } };
        var taken = await app.Rep.Send(HttpMethod.Post, "/api/files?name=large.bin", body);
        TestContext.Current.TestOutputHelper!.WriteLine($"25 MB uploaded in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        var refused = await app.Rep.Upload("/api/files", Unique(largest + 1), "larger.bin");

        taken.ShouldBe(HttpStatusCode.Created)["size"].GetInt64().ShouldBe(largest);
        refused.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        Directory.GetFiles(Path.Combine(app.FilesFolder, "incoming")).ShouldNotContain(path => new FileInfo(path).Length > 1_000_000);
    }

    [Fact]
    public async Task AV5_older_versions_stay()
    {
        var (first, second) = (Unique(100), Unique(200));
        var file = (await app.Rep.Upload("/api/files", first, "plan.bin")).ShouldBe(HttpStatusCode.Created);

        (await app.Rep.Upload($"/api/files/{file.Id}/versions", second, "plan 2.bin")).ShouldBe((HttpStatusCode)428);
        var changed = (await app.Rep.Upload($"/api/files/{file.Id}/versions", second, "plan 2.bin", ifMatch: file.ETag)).ShouldBe(HttpStatusCode.Created);

        changed["versionNumber"].GetInt32().ShouldBe(2);
        (await app.Rep.Get($"/api/files/{file.Id}/content")).Bytes.ShouldBe(second);
        (await app.Rep.Get($"/api/files/{file.Id}/versions/1/content")).Bytes.ShouldBe(first);
        (await app.Rep.Get($"/api/files/{file.Id}/versions")).Body.EnumerateArray().Select(v => v.GetProperty("number").GetInt32()).ShouldBe([2, 1]);
    }

    [Fact]
    public async Task AV5_a_key_makes_an_upload_safe_to_repeat()
    {
        var (content, key) = (Unique(500), Guid.NewGuid().ToString());
        async Task<Answer> Send()
        {
            using var body = new ByteArrayContent(content) { Headers = { { "Content-Type", "application/octet-stream" } } };
            return await app.Rep.Send(HttpMethod.Post, "/api/files?name=once.bin", body, idempotencyKey: key);
        }

        var first = (await Send()).ShouldBe(HttpStatusCode.Created);

        (await Send()).ShouldBe(HttpStatusCode.Created).Id.ShouldBe(first.Id);
        (await app.Rep.Get($"/api/files/{first.Id}/content")).Bytes.ShouldBe(content);
    }

    [Fact]
    public async Task AV5_a_picture_has_a_small_one()
    {
        var picture = (await app.Rep.Upload("/api/files", Picture, "logo.png")).ShouldBe(HttpStatusCode.Created);
        var broken = (await app.Rep.Upload("/api/files", [.. Picture[..40], 1, 2, 3], "broken.png")).ShouldBe(HttpStatusCode.Created);

        var small = (await app.Rep.Get($"/api/files/{picture.Id}/thumbnail")).ShouldBe(HttpStatusCode.OK);

        small.Content.ContentType!.MediaType.ShouldBe("image/webp");
        System.Text.Encoding.ASCII.GetString(small.Bytes, 8, 4).ShouldBe("WEBP");
        small.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await app.Rep.Get($"/api/files/{broken.Id}/thumbnail")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task AV5_a_file_is_renamed_deleted_and_restored()
    {
        var file = (await app.Rep.Upload($"/api/files?recordType=lead&recordId={await app.Lead()}", Unique(10), "a.bin")).ShouldBe(HttpStatusCode.Created);
        var renamed = (await app.Rep.Patch($"/api/files/{file.Id}", new { name = "../../etc/b.bin" }, file.ETag)).ShouldBe(HttpStatusCode.OK);

        renamed["name"].GetString().ShouldBe("b.bin");
        (await app.Rep.Delete($"/api/files/{file.Id}", renamed.ETag)).ShouldBe(HttpStatusCode.NoContent);
        (await app.Rep.Get($"/api/files/{file.Id}/content")).ShouldBe(HttpStatusCode.NotFound);
        (await app.Rep.Post($"/api/files/{file.Id}/restore")).ShouldBe(HttpStatusCode.OK);
        (await app.Rep.Get($"/api/files/{file.Id}/content")).ShouldBe(HttpStatusCode.OK);
    }
}
