using System.Net;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>The way of the public to its forms: no session, no anti-forgery token, the form's own policy for frames.</summary>
public sealed class PublicFormTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task WL13_a_form_is_sent_without_a_session_and_with_one_without_its_token_and_the_session_stays_behind()
    {
        await using var capture = await Backend.Start();
        await using var gateway = await fixture.Start($"services:capture:http:0={capture.Url}");
        using var browser = await gateway.SignedIn();
        var path = $"/forms/{Guid.NewGuid():N}";

        using var answer = await browser.Send(HttpMethod.Post, path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var arrived = capture.At(path).ShouldHaveSingleItem();
        arrived.Headers.ShouldNotContainKey("Authorization");
        arrived.Headers.ShouldNotContainKey("Cookie");
        arrived.Headers["X-Forwarded-For"].ShouldNotBeEmpty();
        answer.Headers.GetValues("RateLimit-Policy").Single().ShouldStartWith("\"anonymous\"");
    }

    [Fact]
    public async Task WL1_a_forms_policy_for_frames_passes_and_what_has_none_gets_the_gateways()
    {
        await using var capture = await Backend.Start();
        await using var gateway = await fixture.Start($"services:capture:http:0={capture.Url}");
        using var browser = gateway.Browser();
        var (frame, bare) = ($"/forms/{Guid.NewGuid():N}/embed", $"/forms/{Guid.NewGuid():N}");
        capture.On(frame, http =>
        {
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors https://www.example.com";
            return Task.CompletedTask;
        });

        using var framed = await browser.Get(frame);
        using var plain = await browser.Get(bare);

        framed.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; frame-ancestors https://www.example.com"]);
        framed.Headers.Contains("X-Frame-Options").ShouldBeFalse();
        framed.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        plain.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        plain.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
    }
}
