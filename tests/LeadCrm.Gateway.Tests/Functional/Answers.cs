using System.Net;
using System.Text.Json;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>Checks that several tests make.</summary>
internal static class Answers
{
    /// <summary>The answer is a problem of this kind, with the trace id that support asks for.</summary>
    public static async Task<JsonElement> ShouldBeProblem(this HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("type").GetString().ShouldBe($"urn:leadcrm:{type}");
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }

    public static void ShouldSayWhenToTryAgain(this HttpResponseMessage answer) =>
        answer.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
}
