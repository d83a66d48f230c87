using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>How the web client is served: here a small stand-in for what its build makes.</summary>
public sealed partial class WebClientTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>, IDisposable
{
    private const string Script = "console.log('the client');";
    private readonly string folder = Built();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("/")]
    [InlineData("/leads")]
    [InlineData("/leads/0198c0de-0000-7000-8000-000000000000?view=myOpen")]
    [InlineData("/setup/users")]
    public async Task UI3_every_address_of_the_client_opens_its_page(string path)
    {
        await using var gateway = await Gateway();
        using var browser = gateway.Browser();

        using var answer = await browser.Send(HttpMethod.Get, path, headers: ("Accept", "text/html,*/*;q=0.8"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("/assets/main-abc.js");
        answer.Headers.CacheControl!.NoCache.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/api/nothing", "text/html,*/*;q=0.8")]
    [InlineData("/internal/sessions", "text/html,*/*;q=0.8")]
    [InlineData("/assets/main-old.js", "text/html,*/*;q=0.8")]
    [InlineData("/client/index.html", "*/*")]
    [InlineData("/leads", "application/json")]
    public async Task What_is_no_page_of_the_client_stays_a_404(string path, string accept)
    {
        await using var gateway = await Gateway();
        using var browser = gateway.Browser();

        using var answer = await browser.Send(HttpMethod.Get, path, headers: ("Accept", accept));

        await answer.ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_page_runs_no_inline_script_and_takes_only_styles_that_carry_its_number_of_the_day()
    {
        await using var gateway = await Gateway();
        using var browser = gateway.Browser();

        var (first, second) = (await Nonces(), await Nonces());

        first.InPolicy.ShouldBe(first.InPage);
        second.InPolicy.ShouldBe(second.InPage);
        second.InPage.ShouldNotBe(first.InPage);
        first.Policy.ShouldContain("script-src 'self';");
        first.Policy.ShouldNotContain("unsafe");

        async Task<(string Policy, string InPolicy, string InPage)> Nonces()
        {
            using var answer = await browser.Get("/");
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            return (policy, InPolicy().Match(policy).Groups["nonce"].Value, InPage().Match(await answer.Content.ReadAsStringAsync()).Groups["nonce"].Value);
        }
    }

    [Fact]
    public async Task Files_come_compressed_to_who_takes_Brotli_and_are_kept_for_good()
    {
        await using var gateway = await Gateway();
        using var browser = gateway.Browser();

        using var packed = await browser.Send(HttpMethod.Get, "/assets/main-abc.js", headers: ("Accept-Encoding", "gzip, br"));
        using var plain = await browser.Send(HttpMethod.Get, "/assets/main-abc.js", headers: ("Accept-Encoding", "gzip, br;q=0"));

        packed.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        packed.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        packed.Headers.Vary.ShouldContain("Accept-Encoding");
        packed.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        await using (var unpacked = new BrotliStream(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress))
        using (var reader = new StreamReader(unpacked)) (await reader.ReadToEndAsync()).ShouldBe(Script);
        plain.Content.Headers.ContentEncoding.ShouldBeEmpty();
        (await plain.Content.ReadAsStringAsync()).ShouldBe(Script);
    }

    [Fact]
    public async Task Without_a_built_client_the_start_page_sends_on_to_the_developers_page()
    {
        await using var gateway = await fixture.Start($"Gateway:Client:Folder={Path.Combine(folder, "nothing")}");
        using var browser = gateway.Browser();

        using var answer = await browser.Get("/");

        ((int)answer.StatusCode).ShouldBe(302);
        answer.Headers.Location!.ToString().ShouldBe("/developers/");
    }

    private Task<RunningGateway> Gateway() => fixture.Start($"Gateway:Client:Folder={folder}");

    private static string Built()
    {
        var folder = Directory.CreateTempSubdirectory("leadcrm-client-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "assets"));
        File.WriteAllText(Path.Combine(folder, "index.html"), """<meta name="csp-nonce" content="{{nonce}}"><script type="module" src="/assets/main-abc.js"></script>""");
        File.WriteAllText(Path.Combine(folder, "assets", "main-abc.js"), Script);
        using var packed = new BrotliStream(File.Create(Path.Combine(folder, "assets", "main-abc.js.br")), CompressionLevel.Optimal);
        packed.Write(System.Text.Encoding.UTF8.GetBytes(Script));
        return folder;
    }

    [GeneratedRegex("'nonce-(?<nonce>[^']+)'", RegexOptions.None, 1000)]
    private static partial Regex InPolicy();

    [GeneratedRegex("content=\"(?<nonce>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex InPage();
}
