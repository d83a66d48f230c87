using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace LeadCrm.Architecture.Tests.Walk;

/// <summary>What every operation of every service has in common, shown by walking their OpenAPI documents.</summary>
[Collection("walk")]   // one after the other: some look at what the others would write
public sealed class RequestConventions(House house)
{
    public static TheoryData<string> Services => House.Names;

    [Theory, MemberData(nameof(Services))]
    public void HC6_every_operation_is_described_with_its_permission_problems_and_headers(string service)
    {
        ((string)house[service].Document["openapi"]!).ShouldStartWith("3.1");
        Each(service, operation =>
        {
            if (string.IsNullOrEmpty((string?)operation.Description["summary"])) return "has no summary (WithSummary)";
            if (string.IsNullOrEmpty((string?)operation.Description["description"])) return "has no description";
            if (operation.Permissions.Count == 0) return "names no permission";
            if (operation.IsPublic) return null;
            var answers = operation.Description["responses"]!.AsObject().Select(r => r.Key).ToHashSet();
            if (!answers.IsSupersetOf(["401", "403"])) return "does not describe 401 and 403";
            if (operation.HasPathParameter && !answers.Contains("404")) return "does not describe 404";
            if (operation.Body is not null && !answers.IsSupersetOf(["400", "413", "415", "422"])) return "does not describe what happens to bad bodies";
            if (operation.TakesIfMatch && !answers.IsSupersetOf(operation.NeedsIfMatch ? ["409", "412", "428"] : ["409", "412"])) return "does not describe 409, 412 and 428";
            if (operation.Method is "PUT" or "PATCH" or "DELETE" && !operation.TakesIfMatch && !Says(operation, "No If-Match:")) return "neither takes If-Match nor says why not (WithoutVersion)";
            if (operation.Method == "POST" && !operation.TakesKey && !Says(operation, "No Idempotency-Key:")) return "neither takes Idempotency-Key (WithIdempotency) nor says why not (WithoutIdempotencyKey)";
            return operation.Description["responses"]!.AsObject().Where(r => r.Key[0] == '4').FirstOrDefault(r => r.Value!["content"]?["application/problem+json"] is null).Key is { } bare ? $"answers {bare} without a problem" : null;
        });
    }

    [Theory, MemberData(nameof(Services))]
    public Task PM5_nobody_gets_in_without_a_token_and_nobody_without_the_permission(string service) => Each(service, async operation =>
    {
        using var anonymous = house[service].Anonymous();
        var answer = await operation.Send(anonymous);
        if (Problem(answer, HttpStatusCode.Unauthorized, "not-signed-in") is { } first) return first;
        if (operation.Permissions.Contains("signed-in")) return null;

        // Each of them is needed: one who has all but one gets no further than one who has none.
        foreach (var missing in operation.Permissions)
        {
            using var client = house[service].As(LeadCrm.Testing.TestUser.With([.. operation.Permissions.Where(p => p != missing)]));
            if (Problem(await operation.Send(client), HttpStatusCode.Forbidden, "forbidden") is { } second) return $"without {missing} {second}";
        }
        return null;
    });

    [Theory, MemberData(nameof(Services))]
    public Task HC1_malformed_json_is_400(string service) => EachWithJson(service, async operation =>
        Problem(await operation.Send(house[service].Allowed, body: "{ \"lastName\": ", ifMatch: "\"1\""), HttpStatusCode.BadRequest, "malformed-body"));

    [Theory, MemberData(nameof(Services))]
    public Task HC1_an_unknown_member_is_400_and_named(string service) => EachWithJson(service, async operation =>
    {
        if ((operation.Schema?["additionalProperties"] as JsonObject) is not null) return null;   // takes any member
        var body = operation.JsonType == "application/json" ? operation.SmallestBody().AsObject() : [];
        body["notAMemberOfThis"] = "x";
        var answer = await operation.Send(house[service].Allowed, body: body.ToJsonString(), ifMatch: "\"1\"");
        return Problem(answer, HttpStatusCode.BadRequest, "malformed-body") ?? (answer.Text.Contains("notAMemberOfThis", StringComparison.Ordinal) && answer.Json!["errors"]?["notAMemberOfThis"] is not null ? null : "does not name the member: " + answer);
    });

    [Theory, MemberData(nameof(Services))]
    public Task HC1_another_content_type_is_415(string service) => EachWithJson(service, async operation =>
        Problem(await operation.Send(house[service].Allowed, body: "a=b", contentType: "application/x-www-form-urlencoded", ifMatch: "\"1\""), HttpStatusCode.UnsupportedMediaType, "unsupported-media-type"));

    [Theory, MemberData(nameof(Services))]
    public Task HC1_a_body_above_the_limit_is_413(string service) => EachWithJson(service, async operation =>
        Problem(await operation.Send(house[service].Allowed, body: "\"" + new string('x', 5 * 1024 * 1024) + "\"", ifMatch: "\"1\""), HttpStatusCode.RequestEntityTooLarge, "too-large"));

    [Theory, MemberData(nameof(Services))]
    public Task HC2_a_change_without_if_match_is_428_and_with_nonsense_400(string service) => Each(service, async operation =>
    {
        if (!operation.NeedsIfMatch) return null;
        var body = operation.JsonType is null ? null : operation.Method == "PATCH" ? "{}" : operation.SmallestBody().ToJsonString();
        return Problem(await operation.Send(house[service].Allowed, body: body), (HttpStatusCode)428, "if-match-required")
            ?? Problem(await operation.Send(house[service].Allowed, body: body, ifMatch: "\"yesterday\""), HttpStatusCode.BadRequest, "if-match-malformed");
    });

    /// <summary>
    /// What wants a record within a record, or one that the public sent, which this walk does not make; tests of its service show it
    /// (<c>CM2_the_first_response_is_noted_once</c>, <c>LD3_a_deactivated_value_stays_on_its_leads_and_a_default_is_taken_by_new_ones_that_have_none</c>, <c>WL8b_what_leads_refuses_is_kept_with_the_reasons_corrected_and_tried_again</c>).
    /// </summary>
    private static readonly string[] WithinAnother = ["PATCH /api/capture/submissions/{id}", "PATCH /api/campaigns/{id}/members/{memberId}", "DELETE /api/campaigns/{id}/members/{memberId}", "PUT /api/leads/pick-lists/{list}/values/{id}"];

    [Theory, MemberData(nameof(Services))]
    public async Task HC2_a_change_of_another_version_than_the_current_one_is_412(string service)
    {
        var wrong = new StringBuilder();
        foreach (var operation in house[service].Operations.Where(o => (o.TakesIfMatch || (o.Method == "POST" && o.HasPathParameter)) && !WithinAnother.Contains($"{o.Method} {o.Path}", StringComparer.Ordinal)))
        {
            if (await SomeRecord.Of(house, service, operation.Path) is not { } record)
            {
                if (operation.TakesIfMatch) wrong.AppendLine($"{operation} there is no record to try it on");
                continue;
            }
            var address = operation.With(operation.Path.Replace("{id}", (string?)record["id"], StringComparison.Ordinal));
            if (!operation.TakesIfMatch)
            {
                var unsaid = await operation.Send(house[service].Allowed, address, Whole(service, operation, record), ifMatch: "\"yesterday\"");
                if (unsaid.ProblemType == "urn:leadcrm:if-match-malformed") wrong.AppendLine($"{operation} looks at If-Match and does not say so (WithVersion)");
                continue;
            }
            var answer = await operation.Send(house[service].Allowed, address, Whole(service, operation, record), operation.JsonType ?? operation.Body?.Select(c => c.Key).Last(), ifMatch: "\"987654\"");
            if (Problem(answer, HttpStatusCode.PreconditionFailed, "stale-version") is { } what) wrong.AppendLine($"{operation} {what}");
        }
        wrong.ToString().ShouldBeEmpty();
    }

    /// <summary>A body that changes little: what is refused is its version.</summary>
    private string? Whole(string service, Operation operation, JsonObject record)
    {
        if (operation.JsonType is null) return operation.Body is null ? null : "A walk";
        if (operation.Method == "PATCH") return "{}";
        // Where a record is replaced, what makes one replaces it, too.
        var made = house[service].Operations.FirstOrDefault(o => o.Method == "POST" && operation.Path == o.Path.TrimEnd('/') + "/{id}")?.Example;
        if ((operation.Example ?? made) is { } example) return example.ToJsonString();
        var body = operation.SmallestBody().AsObject();
        foreach (var name in operation.Schema!["properties"]!.AsObject().Select(p => p.Key))
            if (record[name] is { } value) body[name] = value.DeepClone();
        return body.ToJsonString();
    }

    [Theory, MemberData(nameof(Services))]
    public Task HC3_a_record_that_is_not_there_is_a_404_with_a_problem(string service) => Each(service, async operation =>
    {
        if (!operation.HasPathParameter || $"{operation.Method} {operation.Path}" == "DELETE /api/follows/{recordType}/{recordId}") return null;   // who follows nothing need not stop
        var body = operation.JsonType is null ? null : operation.Method == "PATCH" ? "{}" : (operation.Example ?? operation.SmallestBody()).ToJsonString();
        return Problem(await operation.Send(house[service].Allowed, body: body, ifMatch: operation.TakesIfMatch ? "\"1\"" : null), HttpStatusCode.NotFound, "not-found");
    });

    [Theory, MemberData(nameof(Services))]
    public async Task HC3_an_unknown_address_and_a_wrong_method_are_problems_too(string service)
    {
        Problem(await Operation.Send(house[service].Allowed, "GET", "/api/nothing-here"), HttpStatusCode.NotFound, "not-found").ShouldBeNull();
        var list = house[service].Operations.First(o => o.Method == "GET" && !o.HasPathParameter);
        Problem(await Operation.Send(house[service].Allowed, "PATCH", list.Path), HttpStatusCode.MethodNotAllowed, "method-not-allowed").ShouldBeNull();
    }

    /// <summary>What is wrong with an answer that should be a problem of this kind; null when nothing is.</summary>
    internal static string? Problem(Answer answer, HttpStatusCode status, string type)
    {
        if (answer.Status != status) return $"should answer {(int)status}, not {answer}";
        if (answer.ContentType != "application/problem+json") return $"answers {(int)status} as {answer.ContentType}";
        if (answer.ProblemType != "urn:leadcrm:" + type) return $"answers {(int)status} with the type {answer.ProblemType}, not {type}";
        return string.IsNullOrEmpty((string?)answer.Json!["traceId"]) || string.IsNullOrEmpty((string?)answer.Json!["title"]) ? $"answers {(int)status} without traceId or title" : null;
    }

    private static bool Says(Operation operation, string words) => ((string?)operation.Description["description"])?.Contains(words, StringComparison.Ordinal) == true;

    private void Each(string service, Func<Operation, string?> look) => Each(service, operation => Task.FromResult(look(operation))).GetAwaiter().GetResult();

    private Task EachWithJson(string service, Func<Operation, Task<string?>> look) => Each(service, operation => operation.JsonType is null || operation.IsPublic ? Task.FromResult<string?>(null) : look(operation));

    private async Task Each(string service, Func<Operation, Task<string?>> look)
    {
        var wrong = new StringBuilder();
        foreach (var operation in house[service].Operations)
            if (!operation.IsPublic && await look(operation) is { } what) wrong.AppendLine($"{operation} {what}");
        wrong.ToString().ShouldBeEmpty();
    }
}
