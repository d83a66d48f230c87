extern alias accounts;
extern alias activities;
extern alias campaigns;
extern alias capture;
extern alias identity;
extern alias leads;
extern alias opportunities;

using System.Reflection;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace LeadCrm.Architecture.Tests;

/// <summary>
/// Two services with a consumer of the same name would share one queue and split its messages: every queue starts with its service's name.
/// </summary>
public sealed class Queues
{
    internal static readonly Dictionary<string, Assembly> Assemblies = new()
    {
        ["identity"] = typeof(identity::Program).Assembly,
        ["leads"] = typeof(leads::Program).Assembly,
        ["accounts"] = typeof(accounts::Program).Assembly,
        ["opportunities"] = typeof(opportunities::Program).Assembly,
        ["activities"] = typeof(activities::Program).Assembly,
        ["campaigns"] = typeof(campaigns::Program).Assembly,
        ["capture"] = typeof(capture::Program).Assembly,
    };

    [Theory]
    [InlineData("leads"), InlineData("accounts"), InlineData("opportunities"), InlineData("activities"), InlineData("campaigns"), InlineData("capture")]
    public void Every_queue_name_starts_with_its_service(string service)
    {
        using var app = Endpoints.Start(service);
        var formatter = app.Services.GetRequiredService<IEndpointNameFormatter>();

        var names = ConsumersOf(service).Select(consumer => QueueName(formatter, consumer)).ToList();

        names.ShouldNotBeEmpty();
        names.ShouldAllBe(name => name.StartsWith(service + "-", StringComparison.Ordinal));
        names.ShouldBeUnique();
    }

    private static List<Type> ConsumersOf(string service) =>
        [.. Assemblies[service].GetTypes().Concat(typeof(MessagingExtensions).Assembly.GetTypes())
            .Where(type => type is { IsAbstract: false, IsClass: true, IsGenericTypeDefinition: false })
            .Where(type => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConsumer<>)))];

    private static string QueueName(IEndpointNameFormatter formatter, Type consumer) =>
        (string)typeof(IEndpointNameFormatter).GetMethod(nameof(IEndpointNameFormatter.Consumer))!.MakeGenericMethod(consumer).Invoke(formatter, null)!;
}
