using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

/// <summary>The merged document of the real services.</summary>
[Collection(nameof(SharedSystem))]
public sealed class OpenApiScenarioTests(RunningSystem system)
{
    [Fact]
    public async Task PF1_the_document_of_everything_is_whole_and_sound()
    {
        using var http = new HttpClient { BaseAddress = system.Gateway };
        JsonNode document = new JsonObject();
        await RunningSystem.Eventually("all services have described themselves", async () =>
        {
            document = JsonNode.Parse(await http.GetStringAsync("/api/openapi.json", TestContext.Current.CancellationToken))!;
            return document["x-services"]!.AsArray().All(service => service!["state"]!.GetValue<string>() == "current");
        }, TimeSpan.FromMinutes(1));

        OpenApiFaults.In(document).ShouldBeEmpty();
        var paths = document["paths"]!.AsObject();
        paths.ShouldAllBe(path => path.Key.StartsWith("/api/", StringComparison.Ordinal) || path.Key == "/forms/{key}");
        foreach (var path in new[] { "/api/leads/{id}/conversions", "/api/accounts", "/api/contacts", "/api/opportunities", "/api/activities", "/api/campaigns", "/api/capture/forms", "/forms/{key}", "/api/users", "/api/session", "/api/search" })
            paths.ContainsKey(path).ShouldBeTrue(path);
        document.ToJsonString().ShouldNotContain("/internal/");
    }

    [Fact]
    public async Task PF1_the_page_to_browse_and_try_it_in_is_installed()
    {
        using var http = new HttpClient { BaseAddress = system.Gateway };
        foreach (var file in new[] { "/reference/", "/reference/reference.js", "/reference/scalar.js" })
        {
            using var answer = await http.GetAsync(new Uri(file, UriKind.Relative), TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, file);
        }
    }
}
