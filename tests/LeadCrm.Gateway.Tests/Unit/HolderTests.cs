using System.Net;
using LeadCrm.Gateway.RateLimits;

namespace LeadCrm.Gateway.Tests.Unit;

public sealed class HolderTests
{
    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9")]   // one network, many addresses
    [InlineData("192.0.2.7", "::ffff:192.0.2.7")]
    public void Addresses_of_one_household_share_a_budget(string one, string other) =>
        Holder.Address(IPAddress.Parse(one)).ShouldBe(Holder.Address(IPAddress.Parse(other)));

    [Fact]
    public void However_many_addresses_there_are_they_fill_no_more_than_their_slots()
    {
        var holders = Enumerable.Range(0, 300_000).Select(i => Holder.Address(new IPAddress(i))).Distinct().Count();

        holders.ShouldBeInRange(60_000, 65_536);
    }

    [Fact]
    public void A_user_is_not_an_address_nor_a_client_of_the_same_name()
    {
        var id = Guid.NewGuid();

        Holder.User(id).ShouldNotBe(Holder.Client(id.ToString()));
    }
}
