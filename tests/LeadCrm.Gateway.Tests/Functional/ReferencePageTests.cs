using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>The API's page in a real browser.</summary>
public sealed class ReferencePageTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string FirstTry = "document.querySelector('button.show-api-client-button[method=get]')";

    [Fact]
    public async Task PF1_the_merged_document_can_be_browsed_searched_and_tried_with_nothing_from_elsewhere()
    {
        Assert.SkipWhen(Chromium.Program is null, "there is no Chromium on this machine (LEADCRM_CHROMIUM may name one)");
        File.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot/reference/scalar.js")).ShouldBeTrue("the reference is installed by ./test.sh, or by npm ci --prefix gateway/LeadCrm.Gateway and a build");
        fixture.Leads.On("/openapi/v1.json", http => http.Response.WriteAsync("""
            { "openapi": "3.1.1", "info": { "title": "x", "version": "1" },
              "paths": { "/api/leads": { "get": { "tags": ["Leads"], "summary": "List the leads", "responses": { "200": { "description": "OK" } } } } } }
            """));
        fixture.Leads.On("/api/leads", http => http.Response.WriteAsJsonAsync(new { said = "by the stand-in" }));
        var start = fixture.Gateway.Url;
        await using var page = await Chromium.Start();

        // Signed in on the developers' page, as a person does.
        await page.Open(new Uri(start, "/developers/"));
        await page.Until("document.getElementById('sign-in') && !document.getElementById('sign-in').hidden", "the sign-in form is there");
        await page.Evaluate("document.getElementById('email').focus()");
        await page.Type("ada@example.com");
        await page.Evaluate("document.getElementById('password').focus()");
        await page.Type(IdentityStandIn.Password);
        await page.Evaluate("document.querySelector('#sign-in-form button[type=submit]').click()");
        await page.Until("document.getElementById('name').textContent === 'ada@example.com'", "the page greets the user");

        await page.Open(new Uri(start, "/reference/"));
        await page.Until("document.body?.innerText.includes('LeadCrm API') && document.body.innerText.includes('Gateway: Session')", "the merged document is shown");

        await page.Evaluate("document.querySelector('button.bg-sidebar-b-search').click()");
        await page.Until("document.querySelector('input[role=combobox]')", "the search is open");
        await page.Evaluate("document.querySelector('input[role=combobox]').focus()");
        await page.Type("list the leads");
        await page.Until("document.querySelector('[role=option]')?.id.endsWith('GET/api/leads')", "the call is found");
        await page.Evaluate("document.querySelector('[role=option]').click()");
        await page.Until($"location.hash.endsWith('GET/api/leads') && {FirstTry}", "the call is shown");

        await page.Open(new Uri(start, "/reference/?area=all&call=GET+/api/leads"));
        await page.Until($"document.readyState === 'complete' && location.hash.endsWith('GET/api/leads') && document.getElementById('who')?.textContent === 'ada@example.com' && {FirstTry}", "the call is shown with its link");
        await page.Evaluate("[...document.querySelectorAll('button.show-api-client-button[method=get]')].find(button => button.textContent.includes('/api/leads')).click()");
        await page.Until("[...document.querySelectorAll('button')].some(button => /^Send\\b/.test(button.innerText.trim()) && /get request/i.test(button.textContent))", "the call can be sent");
        await page.Evaluate("[...document.querySelectorAll('button')].find(button => /^Send\\b/.test(button.innerText.trim()) && /get request/i.test(button.textContent)).click()");
        await page.Until("document.body.innerText.includes('by the stand-in')", "the answer is shown");

        fixture.Leads.At("/api/leads").ShouldContain(request => request.Headers["Authorization"].StartsWith("Bearer ", StringComparison.Ordinal));
        page.Complaints.Where(complaint => !complaint.Contains("the server responded with a status", StringComparison.Ordinal)).ShouldBeEmpty();   // some stand-ins are down
        page.Requests.Where(url => !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal)).ShouldAllBe(url => new Uri(url).Authority == start.Authority);
    }
}
