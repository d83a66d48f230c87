using LeadCrm.Gateway.Proxy;
using Microsoft.Extensions.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace LeadCrm.Gateway.Tests.Unit;

public sealed class RouteFileTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "routes"), "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_routes_file_keeps_the_rules_of_the_house(string file)
    {
        var routes = Read(file).GetSection("Routes").GetChildren().ToList();

        routes.ShouldNotBeEmpty();
        foreach (var route in routes)
            await Checked(route["Match:Path"]!);   // throws when it breaks a rule
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_routes_file_routes_to_its_own_service_only(string file)
    {
        var service = Path.GetFileNameWithoutExtension(file);
        var section = Read(file);

        section.GetSection("Clusters").GetChildren().ShouldHaveSingleItem().Key.ShouldBe(service);
        section[$"Clusters:{service}:Destinations:{service}:Address"].ShouldBe($"http://{service}");
        section.GetSection("Routes").GetChildren().ShouldAllBe(route => route["ClusterId"] == service);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_routes_file_opens_the_operators_list_of_its_service(string file)
    {
        var service = Path.GetFileNameWithoutExtension(file);

        Read(file).GetSection("Routes").GetChildren().ShouldContain(route => route["Match:Path"] == $"/api/operations/{service}/messages/{{**rest}}");
    }

    [Theory]
    [InlineData("/internal/{**rest}")]
    [InlineData("/health/ready")]
    [InlineData("{**rest}")]
    [InlineData("/apiary/{**rest}")]
    [InlineData("/formsandmore/{**rest}")]
    public async Task A_route_outside_of_api_stops_the_gateway_from_starting(string path) =>
        (await Should.ThrowAsync<InvalidOperationException>(() => Checked(path))).Message.ShouldContain(path);

    [Fact]
    public async Task A_route_that_rewrites_its_path_stops_the_gateway_from_starting() =>
        await Should.ThrowAsync<InvalidOperationException>(async () => await new RouteRules().ConfigureRouteAsync(
            new RouteConfig { RouteId = "r", Match = new RouteMatch { Path = "/api/x" }, Transforms = [new Dictionary<string, string> { ["PathSet"] = "/internal/sessions" }] }, null, None));

    [Fact]
    public async Task A_route_without_a_time_out_gets_the_usual_one() =>
        (await Checked("/api/x")).Timeout.ShouldBe(RouteRules.DefaultTimeout);

    [Fact]
    public async Task A_routes_own_time_out_stays()
    {
        var route = await new RouteRules().ConfigureRouteAsync(new RouteConfig { RouteId = "r", Match = new RouteMatch { Path = "/api/x" }, Timeout = TimeSpan.FromHours(1) }, null, None);

        route.Timeout.ShouldBe(TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5001", "http://127.0.0.1:5001/")]
    [InlineData("http://127.0.0.1:5001/", "http://127.0.0.1:5001/")]
    public async Task An_address_comes_from_the_environment(string configured, string used)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("services:leads:http:0", configured)]).Build();

        var resolved = await new ServiceAddresses(configuration).ResolveDestinationsAsync(
            new Dictionary<string, DestinationConfig> { ["leads"] = new() { Address = "http://leads" }, ["gone"] = new() { Address = "http://gone" } }, None);

        resolved.Destinations.ShouldHaveSingleItem().Value.Address.ShouldBe(used);
    }

    private static async Task<RouteConfig> Checked(string path) =>
        await new RouteRules().ConfigureRouteAsync(new RouteConfig { RouteId = "r", Match = new RouteMatch { Path = path } }, null, None);

    private static IConfigurationSection Read(string file) =>
        new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "routes", file)).Build().GetSection("ReverseProxy");
}
