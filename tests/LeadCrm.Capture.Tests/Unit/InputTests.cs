using System.Net;
using LeadCrm.Capture.Forms;
using LeadCrm.Capture.Intake;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Capture.Tests.Unit;

/// <summary>What is read from outside: addresses, e-mails, keys.</summary>
public sealed class InputTests
{
    [Theory]
    [InlineData("https://www.example.com/a?b=1", "https://www.example.com/a?b=1")]
    [InlineData("HTTPS://WWW.Example.com", "https://www.example.com/")]
    [InlineData("http://localhost:3000/x", "http://localhost:3000/x")]
    [InlineData("http://www.example.com/", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("https://user@example.com/", null)]
    [InlineData("https://example.com/;x", null)]
    [InlineData("https://*.example.com", null)]
    [InlineData("/relative", null)]
    public void WL4b_addresses_of_other_sites_are_https_and_whole(string typed, string? expected) => PublicUrls.Normal(typed).ShouldBe(expected);

    [Theory]
    [InlineData("https://www.example.com", "https://www.example.com")]
    [InlineData("https://www.example.com:8443/", "https://www.example.com:8443")]
    [InlineData("https://www.example.com/path", null)]
    [InlineData("https://www.example.com/?x", null)]
    public void An_origin_is_scheme_host_and_port(string typed, string? expected)
    {
        var errors = new FieldErrors();
        PublicUrls.Origin(typed, "frameAncestors", errors).ShouldBe(expected);
        errors.Any.ShouldBe(expected is null);
    }

    [Theory]
    [InlineData("ada@example.com", true)]
    [InlineData("ada.byron+web@mail.example.co.uk", true)]
    [InlineData("ædä@exämple.com", true)]
    [InlineData("ada@example", true)]
    [InlineData("ada", false)]
    [InlineData("ada@@example.com", false)]
    [InlineData(".ada@example.com", false)]
    [InlineData("ada@example.com.", false)]
    [InlineData("ada@exa_mple.com", false)]
    [InlineData("\"ada\"@example.com", false)]
    [InlineData("ada@[127.0.0.1]", false)]
    public void WL2d_an_e_mail_is_recognised(string text, bool expected) => EmailAddress.IsOne(text).ShouldBe(expected);

    [Fact]
    public void Keys_are_recognised_and_do_not_repeat()
    {
        var keys = Enumerable.Range(0, 1_000).Select(_ => FormKeys.New()).ToList();
        keys.ShouldBeUnique();
        keys.ShouldAllBe(key => FormKeys.IsOne(key));
        FormKeys.IsOne("../../../../etc/").ShouldBeFalse();
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void A_sender_is_an_address_or_an_ipv6_network(string address, string expected) => ClientAddress.Sender(IPAddress.Parse(address)).ShouldBe(expected);
}
