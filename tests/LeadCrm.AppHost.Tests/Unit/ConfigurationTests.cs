using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using LeadCrm.AppHost.Embedded;
using LeadCrm.AppHost.Embedded.Servers;
using Shouldly;
using Xunit;

namespace LeadCrm.AppHost.Tests.Unit;

public sealed class ConfigurationTests
{
    private static readonly Dictionary<string, string> Telemetry = new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9" };

    private readonly EmbeddedApplicationBuilder _model = new(new HostOptions { Root = "/nowhere", DataFolder = "/nowhere" });

    [Fact]
    public void A_service_gets_its_connection_strings_addresses_and_parameters_in_aspires_form()
    {
        var database = _model.AddPostgres("postgres").AddDatabase("leads-db");
        var broker = _model.AddRabbitMQ("rabbitmq");
        var key = _model.AddParameter("data-key", new GenerateParameterDefault(), secret: true, persist: true);
        var identity = _model.AddProject("identity", "identity.csproj").WithHttpEndpoint();
        var leads = _model.AddProject("leads", "leads.csproj").WithHttpEndpoint()
            .WithReference(database).WithReference(broker).WithReference(identity)
            .WithEnvironment("LEADCRM_DATA_KEY", key).WithEnvironment("PLAIN", "value");

        EnvironmentOf(leads.Resource).ShouldBe(
            new Dictionary<string, string>
            {
                ["ConnectionStrings__leads-db"] = "connection of leads-db",
                ["ConnectionStrings__rabbitmq"] = "connection of rabbitmq",
                ["services__identity__http__0"] = "http://identity",
                ["ASPNETCORE_URLS"] = "http://leads",
                ["OTEL_SERVICE_NAME"] = "leads",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9",
                ["LEADCRM_DATA_KEY"] = "value of data-key",
                ["PLAIN"] = "value",
            },
            ignoreOrder: true);
    }

    [Fact]
    public void A_service_gets_nothing_that_it_does_not_refer_to()
    {
        _model.AddPostgres("postgres").AddDatabase("accounts-db");
        var leads = _model.AddProject("leads", "leads.csproj").WithHttpEndpoint();

        EnvironmentOf(leads.Resource).Keys.ShouldNotContain(name => name.StartsWith("ConnectionStrings__", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_model_sets_wins_over_what_the_host_sets()
    {
        var leads = _model.AddProject("leads", "leads.csproj").WithHttpEndpoint().WithEnvironment("OTEL_SERVICE_NAME", "other");

        EnvironmentOf(leads.Resource)["OTEL_SERVICE_NAME"].ShouldBe("other");
    }

    [Fact]
    public void Two_resources_of_one_name_are_refused()
    {
        _model.AddRabbitMQ("rabbitmq");

        Should.Throw<InvalidOperationException>(() => _model.AddRabbitMQ("RabbitMQ")).Message.ShouldContain("RabbitMQ");
    }

    [Fact]
    public void Credentials_that_the_embedded_host_would_ignore_are_refused()
    {
        var password = _model.AddParameter("password", new GenerateParameterDefault(), persist: true);

        Should.Throw<NotSupportedException>(() => _model.AddPostgres("postgres", password: password));
    }

    [Fact]
    public void Generated_values_have_the_length_and_the_kinds_of_characters_that_were_asked_for()
    {
        for (var i = 0; i < 200; i++)
        {
            var value = new GenerateParameterDefault { MinLength = 20, Special = false }.GetDefaultValue();

            value.Length.ShouldBe(20);
            value.ShouldAllBe(c => char.IsAsciiLetterOrDigit(c));
            value.ShouldContain(c => char.IsAsciiLetterUpper(c));
            value.ShouldContain(c => char.IsAsciiLetterLower(c));
            value.ShouldContain(c => char.IsAsciiDigit(c));
        }
    }

    [Fact]
    public void The_data_key_is_32_bytes()
    {
        Convert.FromBase64String(new RandomKey().GetDefaultValue()).Length.ShouldBe(32);
    }

    [Fact]
    public void One_of_several_copies_listens_at_its_own_address_and_is_told_apart()
    {
        var leads = _model.AddProject("leads", "leads.csproj").WithHttpEndpoint().WithReplicas(2);

        var environment = ProjectEnvironment.For(leads.Resource, _ => "", p => $"http://{p.Name}", _ => "", Telemetry, ("leads-2", "http://second"));

        environment["ASPNETCORE_URLS"].ShouldBe("http://second");
        environment["OTEL_SERVICE_NAME"].ShouldBe("leads");
        environment["OTEL_RESOURCE_ATTRIBUTES"].ShouldBe("service.instance.id=leads-2");
    }

    [Fact]
    public void A_job_is_not_done_several_times_and_a_service_not_in_no_copy()
    {
        _model.AddProject("job", "job.csproj").WithReplicas(2);

        Should.Throw<NotSupportedException>(_model.Build).Message.ShouldContain("job");
        Should.Throw<ArgumentOutOfRangeException>(() => _model.AddProject("leads", "leads.csproj").WithReplicas(0));
    }

    [Theory]
    [InlineData("0"), InlineData("9"), InlineData("two")]
    public void A_number_of_copies_that_makes_no_sense_is_refused(string number) =>
        Should.Throw<HostException>(() => HostOptions.Parse(["--replicas", number])).Message.ShouldContain("1 to 8");

    [Fact]
    public void Options_are_read_and_unknown_ones_refused()
    {
        var options = HostOptions.Parse(["--data", "/tmp/somewhere", "--no-dashboard", "--no-fsync"]);

        options.DataFolder.ShouldBe("/tmp/somewhere");
        options.Dashboard.ShouldBeFalse();
        options.Durable.ShouldBeFalse();
        Should.Throw<HostException>(() => HostOptions.Parse(["--nonsense"])).Message.ShouldContain("--nonsense");
        Should.Throw<HostException>(() => HostOptions.Parse(["--data"])).Message.ShouldContain("--data");
    }

    [Fact]
    public void A_collector_of_ones_own_takes_the_dashboards_place()
    {
        var options = HostOptions.Parse(["--telemetry", "http://127.0.0.1:4317"]);

        options.Dashboard.ShouldBeFalse();
        Dashboard.ExporterTo(options.Telemetry!)["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe("http://127.0.0.1:4317/");
        Should.Throw<HostException>(() => HostOptions.Parse(["--telemetry", "nowhere"])).Message.ShouldContain("--telemetry");
    }

    private static Dictionary<string, string> EnvironmentOf(ProjectResource project) => ProjectEnvironment.For(
        project, r => $"connection of {r.Name}", p => $"http://{p.Name}", p => $"value of {p.Name}", Telemetry);
}
