using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Capture.Tests.Functional;

/// <summary>What the public sees: pages that work without script.</summary>
public sealed class PublicPageTests(CaptureApp app)
{
    private const string Attack = "\"><script>alert('x')</script>&<img src=x onerror=alert(1)>\n</textarea><script>";

    [Fact]
    public async Task WL1d_the_hosted_page_is_plain_html_without_script_under_a_strict_policy()
    {
        var form = await app.Form(new
        {
            title = "Talk to us", description = "We answer\nwithin a day.", returnUrl = "https://www.example.com/thanks?a=1",
            fields = new object[] { new { name = "lastName", required = true, label = "Your name" }, new { name = "email" }, new { name = "country", options = new[] { "GB", "FR" } }, new { name = "productInterest", hidden = true, defaultValue = "Pumps" } },
            consent = new { purpose = "newsletter", text = "Write to me" },
        });
        var page = (await app.Anonymous().Get(form.Path + "?utm_source=fair&utm_campaign=%22spring%22")).ShouldBe(HttpStatusCode.OK);
        page.ContentType.ShouldBe("text/html; charset=utf-8");
        page.Text.ShouldNotContain("<script");
        page.Text.ShouldContain("<label for=\"f-lastName\">Your name");
        page.Text.ShouldContain("<option>GB</option>");
        page.Text.ShouldContain("<input type=\"hidden\" name=\"productInterest\" value=\"Pumps\">");
        page.Text.ShouldContain("<input type=\"hidden\" name=\"utm_source\" value=\"fair\">");
        page.Text.ShouldContain("value=\"&quot;spring&quot;\"");
        page.Header("Content-Security-Policy").ShouldBe("default-src 'none'; style-src 'self'; form-action 'self' https://www.example.com; base-uri 'none'; frame-ancestors 'none'");
        page.Header("X-Frame-Options").ShouldBe("DENY");
        (await app.Anonymous().Get("/forms/style.css")).ShouldBe(HttpStatusCode.OK).ContentType.ShouldStartWith("text/css");
        foreach (var nowhere in (string[])["/forms/abcdefghabcdefgh", "/forms/x", "/forms/abcdefghabcdefgh/embed"]) (await app.Anonymous().Get(nowhere)).ShouldBe(HttpStatusCode.NotFound).Text.ShouldContain("no such form");
    }

    [Fact]
    public async Task WL1e_a_frame_is_for_the_sites_on_the_list_and_says_thank_you_inside()
    {
        var form = await app.Form(new { frameAncestors = new[] { "https://www.example.com", "https://shop.example.com:8443" }, returnUrl = "https://www.example.com/thanks" });
        var frame = (await app.Anonymous().Get(form.Path + "/embed")).ShouldBe(HttpStatusCode.OK);
        frame.Header("Content-Security-Policy").ShouldEndWith("frame-ancestors https://www.example.com https://shop.example.com:8443");
        frame.Header("X-Frame-Options").ShouldBeEmpty();
        frame.Text.ShouldContain($"action=\"{form.Path}/embed\"");
        var sent = (await app.SendForm(form, new() { ["lastName"] = "Byron", ["company"] = "Engines" }, rest: "/embed")).ShouldBe(HttpStatusCode.SeeOther);
        sent.Header("Location").ShouldBe(form.Path + "/embed/thanks");
        (await app.Anonymous().Get(sent.Header("Location"))).ShouldBe(HttpStatusCode.OK).Text.ShouldContain("Thank you");

        var unlisted = await app.Form();
        (await app.Anonymous().Get(unlisted.Path + "/embed")).Header("Content-Security-Policy").ShouldEndWith("frame-ancestors 'none'");
    }

    [Fact]
    public async Task WL1f_the_code_to_copy_names_the_forms_address_and_works_as_it_stands()
    {
        var form = await app.Form();
        var code = (await app.Admin.Get($"/api/capture/forms/{form.Id}/code")).ShouldBe(HttpStatusCode.OK).Json;
        code["pageUrl"]!.GetValue<string>().ShouldBe("http://localhost" + form.Path);
        code["iframe"]!.GetValue<string>().ShouldContain($"src=\"http://localhost{form.Path}/embed\"");
        var snippet = (await app.Anonymous().Get(form.Path + "/snippet")).ShouldBe(HttpStatusCode.OK);
        snippet.Text.ShouldBe(code["snippet"]!.GetValue<string>());
        snippet.ContentType.ShouldStartWith("text/plain");
        snippet.Text.ShouldContain($"<form method=\"post\" action=\"http://localhost{form.Path}\"");
        snippet.Text.ShouldNotContain("<script");

        // What a browser would send from it: every control's name, empty where nothing was typed.
        var values = System.Text.RegularExpressions.Regex.Matches(snippet.Text, " name=\"(?<name>[^\"]+)\"", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).ToDictionary(m => m.Groups["name"].Value, _ => "");
        values["lastName"] = "Snippet";
        values["company"] = "Engines";
        (await app.SendForm(form, values)).ShouldBe(HttpStatusCode.SeeOther);
        await Eventually.Is(async () => (await app.Listed(form, "captured")).Count == 1, "it is a lead");
    }

    [Fact]
    public async Task WL2b_errors_show_the_form_again_with_what_was_typed_escaped_wherever_a_script_was_put()
    {
        var form = await app.Form(new { consent = new { purpose = "newsletter", text = "Write to me" } });
        var values = new Dictionary<string, string>
        {
            ["firstName"] = Attack, ["lastName"] = Attack, ["email"] = Attack, ["company"] = Attack, ["phone"] = Attack, ["description"] = Attack, ["utm_source"] = Attack,
            ["_return"] = Attack, ["_t"] = Attack, ["_once"] = Attack, [Attack] = Attack, ["_consent"] = Attack,
        };
        var again = (await app.SendForm(form, values)).ShouldBe(HttpStatusCode.UnprocessableEntity);
        again.Text.ShouldNotContain("<script");
        again.Text.ShouldNotContain("<img");
        again.Text.Split("&lt;script&gt;alert(&#x27;x&#x27;)").Length.ShouldBeGreaterThanOrEqualTo(8, again.Text);
        again.Text.ShouldContain("id=\"f-email-problem\">This is no e-mail address");
        again.Text.Split("</textarea>").Length.ShouldBe(2);
        again.Header("Content-Security-Policy").ShouldStartWith("default-src 'none'");

        // As a title, a label, an option, a default: whoever sets up a form cannot break its page either.
        var odd = await app.Form(new
        {
            title = Attack, description = Attack, thankYouText = Attack, consent = new { purpose = "x", text = Attack },
            fields = new object[] { new { name = "lastName", label = Attack, defaultValue = "<script>" }, new { name = "email", options = new[] { "<script>a" } } },
        });
        foreach (var path in (string[])["", "/embed", "/thanks", "/snippet"]) (await app.Anonymous().Get(odd.Path + path)).ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain("<script");
    }

    [Fact]
    public async Task WL4_the_return_address_is_on_the_list_or_nowhere_and_carries_nothing()
    {
        var form = await app.Form(new { returnUrl = "https://www.example.com/thanks", returnUrls = new[] { "https://shop.example.com/ok?from=form" } });
        async Task<string> Sent(string? back)
        {
            var values = new Dictionary<string, string> { ["lastName"] = "Secretname" + Guid.NewGuid().ToString("N")[..6], ["company"] = "Engines" };
            if (back is not null) values["_return"] = back;
            return (await app.SendForm(form, values)).ShouldBe(HttpStatusCode.SeeOther).Header("Location");
        }

        (await Sent(null)).ShouldBe("https://www.example.com/thanks");
        (await Sent("https://shop.example.com/ok?from=form")).ShouldBe("https://shop.example.com/ok?from=form");
        foreach (var elsewhere in (string[])["https://evil.example/", "https://shop.example.com/ok", "//evil.example", "javascript:alert(1)", "https://www.example.com@evil.example/", "https://shop.example.com/ok?from=form&x=1"])
            (await Sent(elsewhere)).ShouldBe(form.Path + "/thanks", elsewhere);
    }
}
