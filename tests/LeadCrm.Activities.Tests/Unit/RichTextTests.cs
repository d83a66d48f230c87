using LeadCrm.ServiceDefaults.Values;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Unit;

/// <summary>Nothing but what is allowed comes through (AV5).</summary>
public sealed class RichTextTests
{
    [Theory]
    [InlineData("<p>A <b>bold</b> word<br>and <em>more</em></p>", "<p>A <b>bold</b> word<br>and <em>more</em></p>")]
    [InlineData("<ul><li>one<li>two</ul>", "<ul><li>one<li>two</li></li></ul>")]
    [InlineData("<b>never closed", "<b>never closed</b>")]
    [InlineData("closed twice</b></p>", "closed twice")]
    [InlineData("<a href=\"https://example.com/?a=1&amp;b=2\">x</a>", "<a href=\"https://example.com/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">x</a>")]
    [InlineData("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2")]
    [InlineData("&lt;script&gt;", "&lt;script&gt;")]
    [InlineData("<B>x</B>", "<b>x</b>")]
    public void AV5_what_is_allowed_stays_and_is_closed_in_order(string given, string expected) => RichText.Sanitise(given).ShouldBe(expected);

    [Theory]
    [InlineData("<script>alert(1)</script>x", "x")]
    [InlineData("<SCRIPT\n>alert(1)</SCRIPT >x", "x")]
    [InlineData("<script>alert(1)", "")]
    [InlineData("<style>p{}</style>x", "x")]
    [InlineData("<svg><p><style><img src=x onerror=alert(1)></style></p></svg>x", "x")]
    [InlineData("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">", "")]
    [InlineData("<iframe src=javascript:alert(1)></iframe>x", "x")]
    [InlineData("<img src=x onerror=alert(1)>x", "x")]
    [InlineData("<p onclick=alert(1) style='background:url(javascript:1)'>x</p>", "<p>x</p>")]
    [InlineData("<p/onclick=alert(1)>x</p>", "<p>x</p>")]
    [InlineData("<p \"onclick=alert(1)>x</p>", "<p>x</p>")]
    [InlineData("<a href=javascript:alert(1)>x</a>", "<a>x</a>")]
    [InlineData("<a href=\"java\nscript:alert(1)\">x</a>", "<a>x</a>")]
    [InlineData("<a href=\"&#106;avascript:alert(1)\">x</a>", "<a>x</a>")]
    [InlineData("<a href=\" \u0001javascript:alert(1)\">x</a>", "<a>x</a>")]
    [InlineData("<a href=\"data:text/html,x\">x</a>", "<a>x</a>")]
    [InlineData("<a href=\"//evil.example\">x</a>", "<a>x</a>")]
    [InlineData("<a title='\"><script>alert(1)</script>'>x</a>", "<a>x</a>")]
    [InlineData("<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">", "&quot;&gt;")]
    [InlineData("<!--><script>alert(1)</script>-->x", "x")]
    [InlineData("<!DOCTYPE html><?xml version='1.0'?>x", "x")]
    [InlineData("<p title=\"never ends", "")]
    [InlineData("<<b>x</b>", "&lt;<b>x</b>")]
    [InlineData("</ <b>x", "x")]
    [InlineData("<form action=x><input name=y>z</form>", "z")]
    public void AV5_what_could_run_or_hide_something_is_gone(string given, string expected) => RichText.Sanitise(given).ShouldBe(expected);

    [Theory]
    [InlineData("<p>A <b>bold</b> &amp; <a href='https://x.example/\"'>word</a> <script>1</script> <ul><li>x")]
    [InlineData("<<<<>>>>\"'&&&lt;<b <i <u>>")]
    [InlineData("<a href='https://x.example/<script>'>x</a>")]
    public void AV5_what_is_clean_stays_as_it_is(string given)
    {
        var once = RichText.Sanitise(given);

        RichText.Sanitise(once).ShouldBe(once);
        once.ShouldNotContain("<script", Case.Insensitive);
    }

    [Fact]
    public void AV5_random_marks_never_bring_anything_through_that_is_not_allowed()
    {
        var random = new Random(4711);
        string[] pieces = ["<", ">", "</", "/>", "script", "b", "p", "a", "svg", "style", " href=", " onclick=", "\"", "'", "javascript:", "<!--", "-->", "&lt;", "&#60;", "x", " ", "\n", "=", "<b>", "</b>", "<a "];
        for (var run = 0; run < 5_000; run++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => pieces[random.Next(pieces.Length)]));

            var clean = RichText.Sanitise(text);

            foreach (System.Text.RegularExpressions.Match tag in System.Text.RegularExpressions.Regex.Matches(clean, "<[^>]*>", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)))
                tag.Value.ShouldMatch("^(</?(b|p|a)>|<a href=\"[^\"<>]*\" rel=\"noopener noreferrer nofollow\">)$", text);
            clean.Replace("&lt;", "", StringComparison.Ordinal).Count(c => c == '<').ShouldBe(clean.Count(c => c == '>'), text);
            RichText.Sanitise(clean).ShouldBe(clean, text);
        }
    }

    [Fact]
    public void AV5_the_words_alone_serve_search_and_previews() =>
        RichText.PlainText("<h1>Plan</h1><p>A <b>bold</b> &amp; good one</p><ul><li>x</li></ul>").ShouldBe("Plan\nA bold & good one\nx");
}
